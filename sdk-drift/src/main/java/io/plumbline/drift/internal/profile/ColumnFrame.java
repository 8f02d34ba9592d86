package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a column's values are counted: cells between edges, or one cell for each category and two
 * more for the others and the new. Immutable; the arrays are not to be written.
 */
public final class ColumnFrame {
  /** The shares whose quantiles a profile keeps. */
  private static final double[] SHARES = {
    0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999
  };

  private final String name;
  private final ColumnRole role;
  private final ColumnKind kind;
  private final double[] edges;
  private final int[] groups;
  private final double[] quantiles;
  private final List<String> categories;
  private final boolean complete;
  private final @Nullable KnownTexts known;
  private final CellTable cellTable;
  private final CategoryTable categoryTable;

  /**
   * A frame.
   *
   * @param edges increasing; empty unless the kind is binned and there was a number
   * @param groups one for each cell, starting from 0 and rising by one
   * @param quantiles for {@link #shares}; empty if there are no edges
   * @param categories empty unless the kind is categorical
   * @param complete whether these are all categories that the reference has
   */
  public ColumnFrame(
      String name,
      ColumnRole role,
      ColumnKind kind,
      double[] edges,
      int[] groups,
      double[] quantiles,
      List<String> categories,
      boolean complete) {
    this(name, role, kind, edges, groups, quantiles, categories, complete, null);
  }

  private ColumnFrame(
      String name,
      ColumnRole role,
      ColumnKind kind,
      double[] edges,
      int[] groups,
      double[] quantiles,
      List<String> categories,
      boolean complete,
      @Nullable KnownTexts known) {
    this.name = name;
    this.role = role;
    this.kind = kind;
    this.edges = edges;
    this.groups = groups;
    this.quantiles = quantiles;
    this.categories = List.copyOf(categories);
    this.complete = complete;
    this.known = known;
    this.cellTable = new CellTable(edges);
    this.categoryTable = new CategoryTable(this.categories);
  }

  /**
   * The same, where the categories are not all that the reference has.
   *
   * @param others the reference's other categories; null if they are too many to be remembered
   */
  ColumnFrame incomplete(@Nullable KnownTexts others) {
    return new ColumnFrame(name, role, kind, edges, groups, quantiles, categories, false, others);
  }

  public String name() {
    return name;
  }

  public ColumnRole role() {
    return role;
  }

  public ColumnKind kind() {
    return kind;
  }

  public double[] edges() {
    return edges;
  }

  public int[] groups() {
    return groups;
  }

  /** How many groups there are. */
  public int groupCount() {
    return groups.length == 0 ? 0 : groups[groups.length - 1] + 1;
  }

  public List<String> categories() {
    return categories;
  }

  /** Whether the categories are all that the reference has. */
  public boolean complete() {
    return complete;
  }

  /** The reference's other categories, if they are remembered. */
  @Nullable KnownTexts known() {
    return known;
  }

  /** Whether a category that the reference does not have can be told from its others. */
  public boolean tellsNew() {
    return kind.categorical() && (complete || known != null);
  }

  /** The cell of a text that is not listed: new, unless it is one of the others, or may be. */
  int outside(CharSequence text) {
    if (complete) {
      return unseen();
    }
    return known == null || known.has(text) ? other() : unseen();
  }

  /** How many cells a counter needs; an id's only cell counts those that are there. */
  public int cells() {
    if (kind.binned()) {
      return edges.length + 1;
    }
    return kind.categorical() ? categories.size() + 2 : 1;
  }

  /** The cell of known values beyond the listed categories. */
  public int other() {
    return categories.size();
  }

  /** The cell of values that the reference does not have. */
  public int unseen() {
    return categories.size() + 1;
  }

  /** The cell of a finite number. */
  public int cell(double value) {
    return cellTable.cell(value);
  }

  CellTable table() {
    return cellTable;
  }

  /** The code of a category's text, or -1. */
  public int code(CharSequence text) {
    return categoryTable.code(text);
  }

  /** The shares of {@link #quantiles}. */
  public static double[] shares() {
    return SHARES.clone();
  }

  public double[] quantiles() {
    return quantiles;
  }

  /** The quantile of a share that a profile keeps; NaN without numbers. */
  public double quantile(double share) {
    int index = Arrays.binarySearch(SHARES, share);
    if (index < 0) {
      throw new IllegalArgumentException(
          "a profile keeps the quantiles of " + Arrays.toString(SHARES) + ", not of " + share);
    }
    return quantiles.length == 0 ? Double.NaN : quantiles[index];
  }

  /** What must be equal for counts to be added. */
  Map<String, Object> identity() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("kind", kind.label());
    json.put("edges", list(edges));
    json.put("categories", categories);
    json.put("complete", complete);
    if (known != null) {
      json.put("known", known.base64());
    }
    return json;
  }

  static List<Object> list(double[] values) {
    List<Object> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
