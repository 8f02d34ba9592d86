package io.plumbline.benchmarks;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.drift.ProfileCounter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Counting 20 numbers a row into a profile's 100 bins each, and their moments: as the prediction
 * logger does it, a step of rows column by column, and value by value.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountBench {
  static final int FEATURES = 20;
  static final int ROWS = 4096;
  private static final int STEP = 512;

  private ProfileCounter counter;
  private double[][] rows;
  private double[][] columns;

  @Setup
  public void prepare() {
    Gauss gauss = new Gauss(7);
    ProfileBuilder builder = Profile.builder();
    for (int feature = 0; feature < FEATURES; feature++) {
      builder.add("x" + feature, gauss.next(50_000, 0));
    }
    counter = builder.build().counter();
    rows = new double[ROWS][];
    for (int row = 0; row < ROWS; row++) {
      rows[row] = gauss.next(FEATURES, 0);
    }
    columns = new double[FEATURES][ROWS];
    for (int feature = 0; feature < FEATURES; feature++) {
      for (int row = 0; row < ROWS; row++) {
        columns[feature][row] = rows[row][feature];
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(FEATURES * ROWS)
  public ProfileCounter byColumn() {
    for (int from = 0; from < ROWS; from += STEP) {
      for (int feature = 0; feature < FEATURES; feature++) {
        counter.countAll(feature, columns[feature], from, from + STEP);
      }
    }
    return counter;
  }

  @Benchmark
  @OperationsPerInvocation(FEATURES * ROWS)
  public ProfileCounter byRow() {
    for (double[] row : rows) {
      for (int feature = 0; feature < FEATURES; feature++) {
        counter.count(feature, row[feature]);
      }
    }
    return counter;
  }
}
