package io.plumbline.drift;

import io.plumbline.data.CsvTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks, before a training run spends anything, whether its data is like that of the last one.
 * Immutable.
 *
 * <pre>{@code
 * DataCheck.Result result = DataCheck.against(lastProfile).without("id").check(CsvTable.read(file));
 * tracker.logMetrics(result.metrics());
 * result.throwIfFailed();
 * }</pre>
 *
 * <p>Columns of the model's answers, {@link ColumnRole#PREDICTION} and {@link ColumnRole#SCORE},
 * are not asked for: training data has none. What is compared by counts follows {@link
 * AlarmPolicy}: its warnings are warnings here, its alerts are failures.
 */
public final class DataCheck {
  private final Profile reference;
  private final AlarmPolicy policy;
  private final Set<String> left;
  private final Set<Check> lenient;
  private final boolean strict;

  private DataCheck(
      Profile reference, AlarmPolicy policy, Set<String> left, Set<Check> lenient, boolean strict) {
    this.reference = reference;
    this.policy = policy;
    this.left = left;
    this.lenient = lenient;
    this.strict = strict;
  }

  /** What is checked. */
  public enum Check {
    /** Whether there are rows, and enough of them to say anything. */
    ROWS,
    /** A column is missing, which fails, or unexpected, which warns. */
    COLUMNS,
    /** A column has values of another type. */
    TYPES,
    /** Values are missing more often. */
    MISSING,
    /** Values are outside of the reference's range more often. */
    RANGE,
    /** Categories came that the reference does not have. */
    CATEGORIES,
    /** The distribution of a column moved. */
    DRIFT
  }

  /**
   * Something that was found.
   *
   * @param column the column, empty if it concerns all of them
   * @param fails whether the check fails by it; else it is a warning
   * @param sentence what was found, for people
   */
  public record Finding(Check check, Optional<String> column, boolean fails, String sentence) {}

  /**
   * A check against the profile of the last training.
   *
   * @param reference what the data should be like
   */
  public static DataCheck against(Profile reference) {
    return new DataCheck(reference, AlarmPolicy.standard(), Set.of(), Set.of(), false);
  }

  /** The same by another policy; its persistence means nothing here. */
  public DataCheck withPolicy(AlarmPolicy limits) {
    return new DataCheck(reference, limits, left, lenient, strict);
  }

  /** The same without some columns, whichever side has them. */
  public DataCheck without(String... columns) {
    Set<String> all = new HashSet<>(left);
    all.addAll(List.of(columns));
    return new DataCheck(reference, policy, Set.copyOf(all), lenient, strict);
  }

  /**
   * The same, where some checks only warn: {@link Check#DRIFT} for a model that is trained again
   * because the world has moved.
   */
  public DataCheck warnOnly(Check... checks) {
    Set<Check> all = EnumSet.noneOf(Check.class);
    all.addAll(lenient);
    all.addAll(List.of(checks));
    return new DataCheck(reference, policy, left, Collections.unmodifiableSet(all), strict);
  }

  /** The same, where warnings fail, too, but for those of {@link #warnOnly}. */
  public DataCheck strict() {
    return new DataCheck(reference, policy, left, lenient, true);
  }

  /**
   * Checks a table. Empty cells are missing.
   *
   * @throws io.plumbline.IntegrityException if a cell is not UTF-8
   */
  public Result check(CsvTable table) {
    ProfileCounter counter = reference.counter();
    counter.countAll(table);
    return check(table.columns(), counter.take(), table.rows());
  }

  /**
   * Checks arrays.
   *
   * @param numbers columns of numbers by name; NaN is a missing value
   * @param texts columns of texts by name; null is a missing value
   * @throws IllegalArgumentException if a name is in both, or the columns differ in length
   */
  public Result check(Map<String, double[]> numbers, Map<String, @Nullable String[]> texts) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    numbers.forEach((name, values) -> lengths.put(name, values.length));
    texts.forEach(
        (name, values) -> {
          if (lengths.put(name, values.length) != null) {
            throw new IllegalArgumentException(
                "column " + Words.quoted(name) + " is given as numbers and as texts");
          }
        });
    int rows = lengths.values().stream().mapToInt(length -> length).max().orElse(0);
    lengths.forEach((name, length) -> Checks.sameLength(name, length, "others", rows));
    ProfileCounter counter = reference.counter();
    numbers.forEach(
        (name, values) -> {
          if (reference.has(name)) {
            counter.countAll(counter.column(name), values);
          }
        });
    texts.forEach(
        (name, values) -> {
          if (reference.has(name)) {
            counter.countAll(counter.column(name), values);
          }
        });
    return check(List.copyOf(lengths.keySet()), counter.take(), rows);
  }

  /**
   * Checks data of which there is a profile already, such as the one that the new model is to
   * carry. Its counts are moved into the reference's bins, so ranges are less exact than of rows.
   */
  public Result check(Profile current) {
    List<String> names = current.columns().stream().map(ColumnProfile::name).toList();
    return check(names, current.counts(), current.rows());
  }

  private Result check(List<String> names, WindowCounts window, long rows) {
    List<String> asked =
        reference.columns().stream()
            .filter(column -> column.role() != ColumnRole.PREDICTION)
            .filter(column -> column.role() != ColumnRole.SCORE)
            .map(ColumnProfile::name)
            .filter(name -> !left.contains(name))
            .toList();
    Set<String> given = new LinkedHashSet<>(names);
    given.removeAll(left);
    DataFindings found = new DataFindings(reference, policy);
    found.find(asked, given, window, rows);
    return new Result(found.all().stream().map(this::judged).toList(), found.drift(), rows);
  }

  private Finding judged(Finding found) {
    boolean fails = (found.fails() || strict) && !lenient.contains(found.check());
    return new Finding(found.check(), found.column(), fails, found.sentence());
  }

  /** What a check found. Immutable. */
  public static final class Result {
    private final List<Finding> findings;
    private final @Nullable DriftReport drift;
    private final long rows;

    Result(List<Finding> findings, @Nullable DriftReport drift, long rows) {
      this.findings = List.copyOf(findings);
      this.drift = drift;
      this.rows = rows;
    }

    /** Whether nothing failed. */
    public boolean passed() {
      return findings.stream().noneMatch(Finding::fails);
    }

    /** Failures and warnings. */
    public List<Finding> findings() {
      return findings;
    }

    /** What failed, as sentences. */
    public List<String> failures() {
      return sentences(true);
    }

    /** What is odd, but did not fail, as sentences. */
    public List<String> warnings() {
      return sentences(false);
    }

    /** The comparison of the columns that could be compared, if there is one. */
    public Optional<DriftReport> drift() {
      return Optional.ofNullable(drift);
    }

    /**
     * The figures as metrics that a run can log: {@code data_check/rows}, {@code
     * data_check/failures}, {@code data_check/warnings}, and those of the comparison, such as
     * {@code drift/psi_corrected_by_column/NAME}.
     */
    public Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("data_check/rows", (double) rows);
      metrics.put("data_check/failures", (double) failures().size());
      metrics.put("data_check/warnings", (double) warnings().size());
      if (drift != null) {
        metrics.putAll(drift.metrics());
      }
      return Collections.unmodifiableMap(metrics);
    }

    /**
     * Ends a run that would learn from data that it should not learn from.
     *
     * @throws DataCheckException if the check failed; the message lists why
     */
    public void throwIfFailed() {
      if (!passed()) {
        throw new DataCheckException(this);
      }
    }

    private List<String> sentences(boolean fails) {
      return findings.stream()
          .filter(finding -> finding.fails() == fails)
          .map(Finding::sentence)
          .toList();
    }

    /** The verdict and all sentences, one a line. */
    @Override
    public String toString() {
      List<String> lines = new ArrayList<>();
      lines.add(
          passed()
              ? "the data of " + rows + " rows passed the check"
              : "the data of " + rows + " rows failed the check; nothing was trained with it");
      failures().forEach(sentence -> lines.add("- " + sentence));
      warnings().forEach(sentence -> lines.add("- (warning) " + sentence));
      return String.join("\n", lines);
    }
  }
}
