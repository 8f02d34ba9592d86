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

/** Counting rows of 20 numbers into a profile's 100 bins each, and their moments. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountBench {
  static final int FEATURES = 20;
  static final int ROWS = 4096;

  private ProfileCounter counter;
  private double[][] rows;

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
