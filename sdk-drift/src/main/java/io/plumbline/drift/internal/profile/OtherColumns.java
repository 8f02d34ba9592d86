package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnRole;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which columns some rows had that a frame does not know: where one of the frame's is gone, they
 * say under which name it may have come. For one thread.
 */
public final class OtherColumns {
  private static final int MOST = 1_000;
  private static final String KEY = "other_columns";

  /**
   * What was seen. Immutable.
   *
   * @param rows how many rows were given whole, and not value by value
   * @param names in their own order; of more than a thousand, the first
   */
  public record Seen(long rows, List<String> names) {
    public static final Seen NOTHING = new Seen(0, List.of());

    public Seen {
      names = List.copyOf(names);
    }

    /** What both have seen. */
    public Seen merge(Seen other) {
      if (equals(NOTHING) || other.equals(NOTHING)) {
        return equals(NOTHING) ? other : this;
      }
      TreeSet<String> both = new TreeSet<>(names);
      both.addAll(other.names);
      return new Seen(Math.addExact(rows, other.rows), both.stream().limit(MOST).toList());
    }

    /** Puts it into a JSON object, where there is something to say. */
    public void write(Map<String, Object> json) {
      if (!equals(NOTHING)) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("rows", rows);
        inner.put("names", names);
        json.put(KEY, inner);
      }
    }

    /** Reads what {@link #write} has written. */
    public static Seen read(JsonObject json) {
      JsonObject inner = json.objectOrNull(KEY);
      if (inner == null) {
        return NOTHING;
      }
      List<String> names = inner.strings("names");
      if (names.size() > MOST) {
        throw new JsonException(inner.place() + ".names are more than " + MOST);
      }
      return new Seen(CountsJson.count(inner.longValue("rows"), inner.place() + ".rows"), names);
    }
  }

  private final TreeSet<String> names = new TreeSet<>();
  private long rows;

  /** Takes note of rows that have these columns. */
  public void add(Collection<String> columns, Frame frame, long count) {
    rows += count;
    for (String name : columns) {
      if (frame.find(name) < 0 && !isOfTheLog(name)) {
        names.add(name);
      }
    }
    while (names.size() > MOST) {
      names.pollLast();
    }
  }

  /** Takes note of what was seen elsewhere. */
  public void add(Seen other) {
    rows = Math.addExact(rows, other.rows());
    names.addAll(other.names());
    while (names.size() > MOST) {
      names.pollLast();
    }
  }

  /** What was seen so far. */
  public Seen seen() {
    return rows == 0 && names.isEmpty() ? Seen.NOTHING : new Seen(rows, new ArrayList<>(names));
  }

  /** Forgets all. */
  public void reset() {
    rows = 0;
    names.clear();
  }

  /** Whether every prediction log has it, and no feature is called so. */
  private static boolean isOfTheLog(String name) {
    return name.startsWith("_")
        || name.startsWith(LogSchema.PROBABILITY)
        || name.equals(LogSchema.THRESHOLD)
        || Kinds.role(name) != ColumnRole.INPUT;
  }
}
