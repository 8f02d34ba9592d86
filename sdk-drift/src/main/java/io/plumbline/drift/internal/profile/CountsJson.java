package io.plumbline.drift.internal.profile;

import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads what was counted of one column; what is read is checked against the frame. */
public final class CountsJson {
  private static final String[] SPECIALS = {
    "nulls", "nan", "pos_inf", "neg_inf", "mistyped", "zeros"
  };

  // Canonical JSON has no greater whole numbers, and no sum of a few of them overflows.
  private static final long MOST = 1L << 53;

  private CountsJson() {}

  /** Puts the counts into a JSON object. */
  public static void write(Counts counts, ColumnFrame frame, Map<String, Object> json) {
    json.put("n", counts.rows());
    for (int i = 0; i < SPECIALS.length; i++) {
      json.put(SPECIALS[i], counts.special(i));
    }
    json.put("counts", Arrays.stream(counts.cells()).boxed().toList());
    if (frame.kind().binned()) {
      Moments moments = counts.moments();
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("n", moments.n());
      inner.put("mean", moments.mean());
      inner.put("m2", moments.m2());
      inner.put("min", moments.min());
      inner.put("max", moments.max());
      json.put("moments", inner);
    }
  }

  /** Reads the counts of a column. */
  public static Counts read(JsonObject json, ColumnFrame frame) {
    List<@Nullable Object> list = json.list("counts");
    if (list.size() != frame.cells()) {
      throw new JsonException(
          json.place()
              + ".counts has "
              + list.size()
              + " numbers, but the column has "
              + frame.cells()
              + " cells");
    }
    return read(json, list, frame.kind().binned());
  }

  /**
   * Checks the counts of a column whose bins are not known: that they are counts, and add up.
   *
   * @return how many rows were counted
   */
  public static long verify(JsonObject json) {
    boolean binned = json.asMap().containsKey("moments");
    return read(json, json.list("counts"), binned).rows();
  }

  private static Counts read(JsonObject json, List<@Nullable Object> list, boolean binned) {
    long[] cells = new long[list.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = count(list.get(i), json.place() + ".counts[" + i + "]");
    }
    long[] specials = new long[SPECIALS.length];
    for (int i = 0; i < specials.length; i++) {
      specials[i] = count(json.asMap().get(SPECIALS[i]), json.place() + "." + SPECIALS[i]);
    }
    Counts counts = new Counts(cells, specials, moments(json, binned));
    check(counts, json, binned);
    return counts;
  }

  private static void check(Counts counts, JsonObject json, boolean binned) {
    if (counts.rows() != json.longValue("n")) {
      throw new JsonException(
          json.place()
              + ".n is "
              + json.longValue("n")
              + ", but the counts add up to "
              + counts.rows());
    }
    if (binned && counts.moments().n() != counts.inCells()) {
      throw new JsonException(
          json.place()
              + ".moments.n is "
              + counts.moments().n()
              + ", but the cells hold "
              + counts.inCells());
    }
    if (counts.special(Counts.ZEROS) > counts.inCells()) {
      throw new JsonException(json.place() + ".zeros is more than the cells hold");
    }
  }

  private static Moments moments(JsonObject json, boolean binned) {
    if (!binned) {
      return Moments.NONE;
    }
    JsonObject inner = json.object("moments");
    Moments moments =
        new Moments(
            count(inner.longValue("n"), inner.place() + ".n"),
            inner.doubleValue("mean"),
            inner.doubleValue("m2"),
            inner.doubleValue("min"),
            inner.doubleValue("max"));
    boolean sound =
        moments.n() == 0
            ? moments.equals(Moments.NONE)
            : moments.min() <= moments.max() && !(moments.m2() < 0);
    if (!sound) {
      throw new JsonException(
          inner.place() + " contradicts itself: min over max, m2 below 0, or values without rows");
    }
    return moments;
  }

  /** A count: a whole number from 0 to 2^53. */
  public static long count(@Nullable Object value, String place) {
    if (value instanceof Long number && number >= 0 && number <= MOST) {
      return number;
    }
    throw new JsonException(place + " must be a whole number from 0 to 2^53, not " + value);
  }
}
