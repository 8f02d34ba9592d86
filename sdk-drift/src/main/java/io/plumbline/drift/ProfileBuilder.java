package io.plumbline.drift;

import io.plumbline.data.CsvReader;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.internal.profile.Collector;
import io.plumbline.drift.internal.profile.Collector.Collected;
import io.plumbline.drift.internal.profile.CsvFeed;
import io.plumbline.drift.internal.profile.Kinds;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.internal.Printable;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a profile in one pass over the rows, in memory that does not grow with them.
 *
 * <p>Columns are given whole or in batches. The first million values of a column are kept until
 * they have chosen its bins or categories: exactly up to 131,072 values, by a quantile sketch
 * beyond that. All values are counted exactly. Where the rows come in an order that matters, such
 * as time, bins that the first million chose still count exactly, but fit less well.
 *
 * <p>What a column is follows from the type of its first values; texts are categories if they are
 * at most 1,000 different ones or if each occurs twice on average, and otherwise free texts or ids.
 * {@link #kind} and {@link #role} say it better. One builder serves one thread and makes one
 * profile.
 */
public final class ProfileBuilder {
  private static final int FIRST_ROWS = 1 << 20;

  private final Map<String, Collector> collectors = new LinkedHashMap<>();
  private final Map<String, ColumnKind> kinds = new HashMap<>();
  private final Map<String, ColumnRole> roles = new HashMap<>();
  private final Set<String> left = new HashSet<>();
  private final Map<String, Double> thresholds = new HashMap<>();
  private final Map<String, Double> performance = new HashMap<>();
  private int firstRows = FIRST_ROWS;
  private @Nullable String label;
  private @Nullable String schemaDigest;
  private @Nullable String transformDigest;
  private @Nullable String datasetName;
  private @Nullable String datasetDigest;
  private @Nullable Calibration calibration;
  private boolean built;

  ProfileBuilder() {}

  /** What people call the profile, such as {@code flights, January to March}. */
  public ProfileBuilder label(String text) {
    label = Objects.requireNonNull(text, "label");
    return this;
  }

  /** Says what a column's values are, before its first one. */
  public ProfileBuilder kind(String column, ColumnKind kind) {
    checkFresh(column);
    kinds.put(column, Objects.requireNonNull(kind, "kind"));
    return this;
  }

  /** Says what a column is to the model, before its first value. */
  public ProfileBuilder role(String column, ColumnRole role) {
    checkFresh(column);
    roles.put(column, Objects.requireNonNull(role, "role"));
    return this;
  }

  /** Leaves columns of tables, CSV files and logs out. */
  public ProfileBuilder without(String... columns) {
    left.addAll(List.of(columns));
    return this;
  }

  /** Takes kinds, roles and the digest from a feature schema; before the first values. */
  public ProfileBuilder schema(FeatureSchema schema) {
    schemaDigest = schema.digest();
    for (Feature feature : schema.features()) {
      ColumnKind kind = Kinds.of(feature.type());
      if (kind != null) {
        kind(feature.name(), kind);
      }
      boolean input = feature.role() == Feature.Role.INPUT;
      role(feature.name(), input ? ColumnRole.INPUT : ColumnRole.CONTEXT);
    }
    return this;
  }

  /** The digest of the feature transform that made the columns. */
  public ProfileBuilder transformDigest(String digest) {
    transformDigest = Objects.requireNonNull(digest, "digest");
    return this;
  }

  /** Which data set the rows are. */
  public ProfileBuilder dataset(String name, String digest) {
    datasetName = Objects.requireNonNull(name, "name");
    datasetDigest = Objects.requireNonNull(digest, "digest");
    return this;
  }

  /** The scores' histogram with positives, which estimates of performance need. */
  public ProfileBuilder calibration(Calibration histogram) {
    calibration = Objects.requireNonNull(histogram, "histogram");
    return this;
  }

  /**
   * A threshold: of a decision, such as 0.5 for {@code late}, or of a metric by its name, such as
   * 0.9 for {@code precision}, which {@link PerformanceAlarm#registered} takes.
   */
  public ProfileBuilder threshold(String name, double value) {
    thresholds.put(Objects.requireNonNull(name, "name"), value);
    return this;
  }

  /** What the model achieved on its test data, such as {@code auc}; alarms compare with it. */
  public ProfileBuilder performance(String metric, double value) {
    performance.put(Objects.requireNonNull(metric, "metric"), value);
    return this;
  }

  /**
   * How many of a column's values are kept to choose its bins, instead of 1,048,576; they take 8 to
   * 16 bytes each.
   */
  public ProfileBuilder firstRows(int rows) {
    if (rows < 1 || !collectors.isEmpty()) {
      throw new IllegalArgumentException(
          "firstRows must be at least 1 and be said before the first values");
    }
    firstRows = rows;
    return this;
  }

  /** Adds numbers; NaN and the infinities are counted apart. */
  public ProfileBuilder add(String column, double[] values) {
    Collector collector = collector(column, ColumnKind.NUMERIC);
    for (double value : values) {
      collector.number(value);
    }
    return this;
  }

  /** Adds whole numbers; beyond 2^53 as the nearest double. */
  public ProfileBuilder add(String column, long[] values) {
    Collector collector = collector(column, ColumnKind.INTEGER);
    for (long value : values) {
      collector.number((double) value);
    }
    return this;
  }

  /** Adds truth values. */
  public ProfileBuilder add(String column, boolean[] values) {
    Collector collector = collector(column, ColumnKind.BOOLEAN);
    for (boolean value : values) {
      collector.flag(value);
    }
    return this;
  }

  /** Adds texts; null is a missing value. */
  public ProfileBuilder add(String column, @Nullable String[] values) {
    Collector collector = collector(column, null);
    for (String value : values) {
      if (value == null) {
        collector.missing();
      } else {
        collector.text(value);
      }
    }
    return this;
  }

  /** Adds rows without a value; to a column that has no value yet, its kind must have been said. */
  public ProfileBuilder addMissing(String column, long rows) {
    Collector collector = collector(column, ColumnKind.NUMERIC);
    for (long i = 0; i < rows; i++) {
      collector.missing();
    }
    return this;
  }

  /**
   * Adds all rows of a table. Empty cells are missing; the first 10,000 rows say what a column is.
   */
  public ProfileBuilder add(CsvTable table) {
    CsvFeed feed = new CsvFeed(this::collector);
    for (String column : watched(table.columns())) {
      feed.feed(column, table.strings(column));
    }
    return this;
  }

  /** Adds all rows that a reader still has, and leaves it open. */
  public ProfileBuilder add(CsvReader csv) {
    new CsvFeed(this::collector).feed(csv, watched(csv.columns()));
    return this;
  }

  /**
   * Adds rows of a prediction log, or of another file of columns. Embeddings are left out, and so
   * are the columns of the log itself, whose names begin with an underscore.
   */
  public ProfileBuilder add(LogBatch rows) {
    for (String name : watched(rows.columns())) {
      if (!name.startsWith("_")) {
        add(name, rows);
      }
    }
    return this;
  }

  private void add(String name, LogBatch rows) {
    switch (rows.kind(name)) {
      case NUMBER, INTEGER, TIME ->
          add(name, present(name, rows)).addMissing(name, nulls(name, rows));
      case BOOLEAN -> {
        double[] values = present(name, rows);
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
          flags[i] = values[i] != 0;
        }
        ProfileBuilder unused = add(name, flags).addMissing(name, nulls(name, rows));
      }
      case TEXT, CATEGORY -> add(name, rows.texts(name));
      case NOTHING -> addMissing(name, rows.rows());
      case EMBEDDING, OTHER -> {
        // No distribution of single values says anything about them.
      }
    }
  }

  private static long nulls(String name, LogBatch rows) {
    return IntStream.range(0, rows.rows()).filter(row -> rows.isNull(name, row)).count();
  }

  private static double[] present(String name, LogBatch rows) {
    double[] values = rows.doubles(name);
    return IntStream.range(0, rows.rows())
        .filter(row -> !rows.isNull(name, row))
        .mapToDouble(row -> values[row])
        .toArray();
  }

  /**
   * Makes the profile.
   *
   * @throws IllegalArgumentException if there is no column, or columns differ in length
   */
  public Profile build() {
    if (built) {
      throw new IllegalStateException("this builder has made its profile; start another one");
    }
    checkLengths();
    built = true;
    List<ColumnProfile> columns = new ArrayList<>();
    for (Collector collector : collectors.values()) {
      Collected all = collector.finish();
      columns.add(new ColumnProfile(all.frame(), all.counts(), all.distinct(), Baselines.of(all)));
    }
    return new Profile(
        columns,
        new ProfileFacts(
            label,
            schemaDigest,
            transformDigest,
            datasetName,
            datasetDigest,
            calibration,
            thresholds,
            performance));
  }

  private List<String> watched(List<String> names) {
    return names.stream().filter(name -> !left.contains(name)).toList();
  }

  private Collector collector(String column, @Nullable ColumnKind natural) {
    Objects.requireNonNull(column, "column");
    if (built) {
      throw new IllegalStateException("this builder has made its profile; start another one");
    }
    return collectors.computeIfAbsent(
        column,
        name ->
            new Collector(
                name,
                roles.getOrDefault(name, Kinds.role(name)),
                kinds.containsKey(name) ? kinds.get(name) : natural,
                firstRows,
                AlarmPolicy.LEAST_ROWS));
  }

  private void checkFresh(String column) {
    if (collectors.containsKey(Objects.requireNonNull(column, "column"))) {
      throw new IllegalArgumentException(
          "column " + Printable.quote(column) + " has values; say what it is before the first one");
    }
  }

  private void checkLengths() {
    if (collectors.isEmpty()) {
      throw new IllegalArgumentException("a profile needs a column; add values first");
    }
    String first = collectors.keySet().iterator().next();
    long rows = Objects.requireNonNull(collectors.get(first)).rows();
    collectors.forEach(
        (name, collector) -> {
          if (collector.rows() != rows) {
            throw new IllegalArgumentException(
                "column "
                    + Printable.quote(name)
                    + " has "
                    + collector.rows()
                    + " values, but "
                    + Printable.quote(first)
                    + " has "
                    + rows
                    + "; every column has one for each row (addMissing fills up)");
          }
        });
  }
}
