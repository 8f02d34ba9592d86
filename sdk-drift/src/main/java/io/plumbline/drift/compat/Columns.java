package io.plumbline.drift.compat;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.internal.compat.CellTypes;
import io.plumbline.drift.internal.compat.Sample;
import io.plumbline.drift.internal.compat.Sample.Kind;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Named columns of raw values with the types that pandas would give them, which decide what the
 * tools do with them. Immutable.
 *
 * <pre>{@code
 * Columns reference = Columns.of(CsvTable.read(Path.of("reference.csv")));
 * Columns current = Columns.builder().numbers("temp", temps).texts("origin", origins).build();
 * }</pre>
 */
public final class Columns {
  private final Map<String, Sample> samples;

  private Columns(Map<String, Sample> samples) {
    this.samples = Collections.unmodifiableMap(new LinkedHashMap<>(samples));
  }

  /**
   * Takes all columns of a table, typed as {@code pandas.read_csv} does: whole numbers without a
   * missing cell are integers, other numbers are floats, {@code True} and {@code False} are
   * booleans, everything else is text. Empty cells and pandas' other marks, such as {@code NA} and
   * {@code null}, are missing.
   *
   * @throws io.plumbline.IntegrityException if a cell is not UTF-8
   */
  public static Columns of(CsvTable table) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    for (String name : table.columns()) {
      samples.put(name, CellTypes.sample(table.strings(name)));
    }
    return new Columns(samples);
  }

  /** Takes columns as they are. */
  static Columns ofSamples(Map<String, Sample> samples) {
    return new Columns(samples);
  }

  /** Starts an empty set of columns. */
  public static Builder builder() {
    return new Builder();
  }

  /** The columns' names in their order. */
  public List<String> names() {
    return List.copyOf(samples.keySet());
  }

  /** The number of rows; 0 without columns. */
  public int rows() {
    return samples.values().stream().mapToInt(Sample::rows).findFirst().orElse(0);
  }

  Map<String, Sample> samples() {
    return samples;
  }

  /** Collects columns of one length; each array is copied. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Sample> samples = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds numbers that are floats to pandas.
     *
     * @param values one for each row; NaN is a missing value
     * @throws IllegalArgumentException if the name was given before, or the length differs
     */
    public Builder numbers(String name, double[] values) {
      return add(name, Sample.numbers(Kind.FLOAT, values.clone()));
    }

    /**
     * Adds whole numbers, which Evidently takes for categories when there are at most ten different
     * ones.
     *
     * @param values one for each row
     * @throws IllegalArgumentException if the name was given before, or the length differs
     */
    public Builder integers(String name, int[] values) {
      return add(
          name, Sample.numbers(Kind.INTEGER, Arrays.stream(values).asDoubleStream().toArray()));
    }

    /**
     * Adds yes-or-no values.
     *
     * @param values one for each row
     * @throws IllegalArgumentException if the name was given before, or the length differs
     */
    public Builder flags(String name, boolean[] values) {
      double[] numbers = new double[values.length];
      for (int row = 0; row < numbers.length; row++) {
        numbers[row] = values[row] ? 1 : 0;
      }
      return add(name, Sample.numbers(Kind.BOOLEAN, numbers));
    }

    /**
     * Adds texts.
     *
     * @param values one for each row; null is a missing value
     * @throws IllegalArgumentException if the name was given before, or the length differs
     */
    public Builder texts(String name, List<? extends @Nullable String> values) {
      return add(name, Sample.texts(values));
    }

    private Builder add(String name, Sample sample) {
      Objects.requireNonNull(name, "name");
      samples.values().stream()
          .findFirst()
          .filter(first -> first.rows() != sample.rows())
          .ifPresent(
              first -> {
                throw new IllegalArgumentException(
                    "the column \""
                        + name
                        + "\" has "
                        + sample.rows()
                        + " rows, those before it "
                        + first.rows());
              });
      if (samples.putIfAbsent(name, sample) != null) {
        throw new IllegalArgumentException("the column \"" + name + "\" was given before");
      }
      return this;
    }

    /** Returns the columns. */
    public Columns build() {
      return new Columns(samples);
    }
  }
}
