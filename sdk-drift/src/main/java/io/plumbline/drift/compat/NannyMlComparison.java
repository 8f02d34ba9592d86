package io.plumbline.drift.compat;

import io.plumbline.drift.internal.compat.Chunks;
import io.plumbline.drift.internal.compat.NannyMlRules;
import io.plumbline.drift.internal.compat.NannyMlRules.Fitted;
import io.plumbline.drift.internal.compat.Sample;
import io.plumbline.drift.internal.compat.TestResult;
import java.util.List;
import java.util.Set;

/**
 * NannyML's univariate drift calculator on raw columns; made by {@link Compat#nannyMl}.
 *
 * <p>It cuts reference and current rows into chunks, in their order, computes each method on each
 * chunk against the whole reference, and alerts above mean + 3 standard deviations of the reference
 * chunks' values. Numbers are continuous, texts and flags categorical. Missing values are dropped.
 * Not safe for use by several threads.
 */
public final class NannyMlComparison {
  private Set<NannyMlMethod> methods = Set.of(NannyMlMethod.JENSEN_SHANNON);
  private List<String> columns = List.of();
  private Chunks chunks = Chunks.byNumber(10);

  NannyMlComparison() {}

  /** Compares only these columns; all of the current ones unless set. */
  public NannyMlComparison columns(String... columns) {
    this.columns = List.of(columns);
    return this;
  }

  /** Sets the methods; each is used for the columns that it fits. Jensen-Shannon unless set. */
  public NannyMlComparison methods(NannyMlMethod... methods) {
    this.methods = new java.util.LinkedHashSet<>(List.of(methods));
    return this;
  }

  /**
   * Cuts chunks of a number of rows; what is left over becomes a smaller chunk.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public NannyMlComparison chunkSize(int rows) {
    this.chunks = Chunks.bySize(rows);
    return this;
  }

  /**
   * Cuts a number of chunks of equal size, 10 unless set; what is left over becomes one more chunk.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public NannyMlComparison chunkNumber(int chunks) {
    this.chunks = Chunks.byNumber(chunks);
    return this;
  }

  /**
   * Compares the current rows with the reference.
   *
   * @throws IllegalArgumentException if there are fewer rows than chunks
   */
  public CompatReport compare(Columns reference, Columns current) {
    List<Chunks.Part> before = chunks.of(reference.rows());
    List<Chunks.Part> after = chunks.of(current.rows());
    return Pairs.compare(
        CompatMode.NANNYML,
        reference,
        current,
        columns,
        0,
        (column, old, now, results) -> compare(column, old, now, before, after, results));
  }

  private void compare(
      String column,
      Sample reference,
      Sample current,
      List<Chunks.Part> before,
      List<Chunks.Part> after,
      List<CompatResult> results) {
    boolean continuous = NannyMlRules.isContinuous(reference);
    if (continuous != NannyMlRules.isContinuous(current)) {
      throw new IllegalArgumentException("it has numbers on one side and texts on the other");
    }
    for (NannyMlMethod method : methods) {
      if (method.fits(continuous)) {
        Fitted fitted = NannyMlRules.fit(method, continuous, reference, before);
        for (Chunks.Part part : after) {
          results.add(result(column, continuous, method, fitted, current, part));
        }
      }
    }
  }

  private static CompatResult result(
      String column,
      boolean continuous,
      NannyMlMethod method,
      Fitted fitted,
      Sample current,
      Chunks.Part part) {
    Sample rows = current.slice(part.from(), part.to()).present();
    TestResult result = fitted.of(rows);
    boolean drifted =
        method == NannyMlMethod.CHI2 ? result.p() < 0.05 : result.statistic() > fitted.threshold();
    return new CompatResult(
        column,
        continuous ? "continuous" : "categorical",
        method.key(),
        result.variant(),
        fitted.binning(),
        method == NannyMlMethod.JENSEN_SHANNON ? "2" : "",
        fitted.binning().isEmpty() ? "" : "none",
        fitted.referenceRows(),
        rows.rows(),
        result.statistic(),
        result.p(),
        result.statistic(),
        method == NannyMlMethod.CHI2 ? Double.NaN : fitted.threshold(),
        drifted,
        part.key());
  }
}
