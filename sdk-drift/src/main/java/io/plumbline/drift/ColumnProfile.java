package io.plumbline.drift;

import io.plumbline.drift.internal.profile.Bins;
import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One column of a profile: where its values are counted, and how the reference is. Immutable. */
public final class ColumnProfile {
  private final ColumnFrame frame;
  private final Counts counts;
  private final long distinct;
  private final Map<String, Baseline> baselines;

  ColumnProfile(ColumnFrame frame, Counts counts, long distinct, Map<String, Baseline> baselines) {
    this.frame = frame;
    this.counts = counts;
    this.distinct = distinct;
    this.baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
  }

  /** The column's name. */
  public String name() {
    return frame.name();
  }

  /** What it is to the model. */
  public ColumnRole role() {
    return frame.role();
  }

  /** What its values are. */
  public ColumnKind kind() {
    return frame.kind();
  }

  /** The reference's counts. */
  public ColumnCounts counts() {
    return new ColumnCounts(frame, counts);
  }

  /**
   * The edges of the fine bins, increasing: the reference's least value first, last the next double
   * above its greatest. A value lies in the bin of the last edge that it reaches ({@code value >=
   * edge}). Empty if the column is not binned or the reference has no number.
   */
  public double[] edges() {
    return frame.edges().clone();
  }

  /** The coarse group of each cell of the counts, from 0; empty if the column is not binned. */
  public int[] groups() {
    return frame.groups().clone();
  }

  /** The values that hold a hundredth of the rows or more, with their counts, in order. */
  public Map<Double, Long> atoms() {
    Map<Double, Long> atoms = new LinkedHashMap<>();
    double[] edges = frame.edges();
    for (int cell = 1; cell < edges.length; cell++) {
      if (Bins.isAtom(edges, cell)) {
        atoms.put(edges[cell - 1], counts.cells()[cell]);
      }
    }
    return Collections.unmodifiableMap(atoms);
  }

  /** The quantiles by their share: 0.001, 0.01, 0.05, 0.1, 0.25, 0.5 and so on up to 0.999. */
  public Map<Double, Double> quantiles() {
    Map<Double, Double> quantiles = new LinkedHashMap<>();
    for (int i = 0; i < frame.quantiles().length; i++) {
      quantiles.put(ColumnFrame.shares()[i], frame.quantiles()[i]);
    }
    return Collections.unmodifiableMap(quantiles);
  }

  /** The listed categories, the most frequent first; a position here is a category's code. */
  public List<String> categories() {
    return frame.categories();
  }

  /**
   * Whether a category that the reference does not have is counted as new. So it is where the
   * reference has at most 200 categories, which are all listed, and up to 65,536 more, which are
   * remembered in two bytes each: of new ones, one in 1,700 then seems to be known. Beyond that,
   * whatever is not listed counts as one of the others.
   */
  public boolean tellsNew() {
    return frame.tellsNew();
  }

  /** How many different values there are; empty where they were too many to be counted. */
  public OptionalLong distinct() {
    return distinct < 0 ? OptionalLong.empty() : OptionalLong.of(distinct);
  }

  /** What drift metrics are between chunks of the reference and all of it, by metric. */
  public Map<String, Baseline> baselines() {
    return baselines;
  }

  ColumnFrame frame() {
    return frame;
  }

  Counts reference() {
    return counts;
  }

  long distinctOrUnknown() {
    return distinct;
  }

  /** Name, kind and rows. */
  @Override
  public String toString() {
    return counts().toString();
  }
}
