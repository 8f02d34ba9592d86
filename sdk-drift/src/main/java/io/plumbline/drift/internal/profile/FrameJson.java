package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes and reads the frame of one column. */
public final class FrameJson {
  private static final int MOST_EDGES = 10_000;
  private static final int MOST_CATEGORIES = 10_000;

  private FrameJson() {}

  /** Puts the frame into a JSON object. */
  public static void write(ColumnFrame frame, Map<String, Object> json) {
    json.put("name", frame.name());
    json.put("role", frame.role().label());
    json.put("kind", frame.kind().label());
    if (frame.kind().binned()) {
      json.put("edges", ColumnFrame.list(frame.edges()));
      json.put("groups", Arrays.stream(frame.groups()).boxed().toList());
      Map<String, Object> quantiles = new LinkedHashMap<>();
      double[] shares = ColumnFrame.shares();
      for (int i = 0; i < frame.quantiles().length; i++) {
        quantiles.put(String.valueOf(shares[i]), frame.quantiles()[i]);
      }
      json.put("quantiles", quantiles);
    } else if (frame.kind().categorical()) {
      json.put("categories", frame.categories());
      json.put("complete", frame.complete());
      KnownTexts known = frame.known();
      if (known != null) {
        known.write(json);
      }
    }
  }

  /** Reads the frame of a column. */
  public static ColumnFrame read(JsonObject json) {
    ColumnKind kind = label(ColumnKind.values(), json, "kind");
    double[] edges = kind.binned() ? edges(json) : new double[0];
    ColumnFrame frame = frame(json, kind, edges);
    return frame.kind().categorical() && !frame.complete() && KnownTexts.isIn(json)
        ? frame.incomplete(KnownTexts.read(json))
        : frame;
  }

  private static ColumnFrame frame(JsonObject json, ColumnKind kind, double[] edges) {
    return new ColumnFrame(
        json.string("name"),
        label(ColumnRole.values(), json, "role"),
        kind,
        edges,
        kind.binned() ? groups(json, edges.length + 1) : new int[0],
        kind.binned() ? quantiles(json, edges) : new double[0],
        kind.categorical() ? categories(json, kind) : List.of(),
        !kind.categorical() || json.bool("complete"));
  }

  private static double[] edges(JsonObject json) {
    List<@Nullable Object> list = json.list("edges");
    String place = json.place() + ".edges";
    if (list.size() > MOST_EDGES || list.size() == 1) {
      throw new JsonException(
          place + " has " + list.size() + " numbers; none or 2 to " + MOST_EDGES + " are read");
    }
    double[] edges = new double[list.size()];
    for (int i = 0; i < edges.length; i++) {
      String here = place + "[" + i + "]";
      edges[i] = JsonObject.toDouble(list.get(i), here);
      boolean last = i > 0 && i == edges.length - 1;
      boolean sound = Double.isFinite(edges[i]) || (last && edges[i] > 0);
      if (!sound || (i > 0 && !(edges[i] > edges[i - 1]))) {
        throw new JsonException(
            here + " is " + edges[i] + "; edges are finite, each above the one before");
      }
    }
    return edges;
  }

  private static int[] groups(JsonObject json, int cells) {
    List<@Nullable Object> list = json.list("groups");
    String place = json.place() + ".groups";
    if (list.size() != cells) {
      throw new JsonException(
          place + " has " + list.size() + " numbers, but the column has " + cells + " cells");
    }
    int[] groups = new int[cells];
    for (int i = 0; i < cells; i++) {
      int before = i == 0 ? 0 : groups[i - 1];
      long group = CountsJson.count(list.get(i), place + "[" + i + "]");
      if (group != before && (i == 0 || group != before + 1)) {
        throw new JsonException(
            place + "[" + i + "] is " + group + "; groups start at 0 and rise by 1");
      }
      groups[i] = (int) group;
    }
    return groups;
  }

  private static double[] quantiles(JsonObject json, double[] edges) {
    if (edges.length == 0) {
      return new double[0];
    }
    JsonObject object = json.object("quantiles");
    double[] shares = ColumnFrame.shares();
    double[] quantiles = new double[shares.length];
    for (int i = 0; i < shares.length; i++) {
      quantiles[i] = object.doubleValue(String.valueOf(shares[i]));
      if (!Double.isFinite(quantiles[i]) || (i > 0 && quantiles[i] < quantiles[i - 1])) {
        throw new JsonException(object.place() + " must be finite and must not fall");
      }
    }
    return quantiles;
  }

  private static List<String> categories(JsonObject json, ColumnKind kind) {
    List<String> categories = json.strings("categories");
    String place = json.place() + ".categories";
    if (categories.size() > MOST_CATEGORIES) {
      throw new JsonException(
          place + " has " + categories.size() + " texts; at most " + MOST_CATEGORIES + " are read");
    }
    if (kind == ColumnKind.BOOLEAN && !categories.equals(List.of("false", "true"))) {
      throw new JsonException(place + " of a boolean must be false and true");
    }
    Set<String> seen = new HashSet<>();
    for (String category : categories) {
      if (!seen.add(category) || !Texts.normal(category).equals(category)) {
        throw new JsonException(
            place
                + " has "
                + Printable.quote(category)
                + " twice, too long, or with half a character");
      }
    }
    return categories;
  }

  private static <E extends Enum<E>> E label(E[] values, JsonObject json, String key) {
    String text = json.string(key);
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
        return value;
      }
    }
    throw new JsonException(json.place() + "." + key + " is unknown: " + Printable.quote(text));
  }
}
