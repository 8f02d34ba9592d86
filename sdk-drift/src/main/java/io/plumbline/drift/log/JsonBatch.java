package io.plumbline.drift.log;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows that were read from lines of JSON. */
final class JsonBatch implements LogBatch {
  private final Path path;
  private final List<Map<String, @Nullable Object>> rows;
  private final List<Long> lines;
  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  /**
   * Makes a batch.
   *
   * @param lines by row, the number of its line
   */
  JsonBatch(
      Path path,
      List<Map<String, @Nullable Object>> rows,
      List<Long> lines,
      Map<String, Kind> known,
      LogFilter filter) {
    this.path = path;
    this.rows = rows;
    this.lines = lines;
    Map<String, Kind> all = new LinkedHashMap<>(known);
    for (Map<String, @Nullable Object> row : rows) {
      row.forEach(
          (name, value) -> {
            if (!known.containsKey(name)) {
              all.merge(name, guess(value), JsonBatch::common);
            }
          });
    }
    all.forEach(
        (name, kind) -> {
          if (filter.wants(name)) {
            kinds.put(name, kind);
          }
        });
  }

  private static Kind guess(@Nullable Object value) {
    if (value == null) {
      return Kind.NOTHING;
    }
    if (value instanceof Boolean) {
      return Kind.BOOLEAN;
    }
    if (value instanceof Long) {
      return Kind.INTEGER;
    }
    if (value instanceof Number) {
      return Kind.NUMBER;
    }
    return value instanceof String
        ? Kind.TEXT
        : value instanceof List ? Kind.EMBEDDING : Kind.OTHER;
  }

  private static Kind common(Kind one, Kind other) {
    if (one == other || other == Kind.NOTHING) {
      return one;
    }
    if (one == Kind.NOTHING) {
      return other;
    }
    List<Kind> both = List.of(one, other);
    return both.contains(Kind.NUMBER) && both.contains(Kind.INTEGER) ? Kind.NUMBER : Kind.OTHER;
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public List<String> columns() {
    return List.copyOf(kinds.keySet());
  }

  @Override
  public Kind kind(String column) {
    Kind kind = kinds.get(column);
    if (kind == null) {
      throw new IllegalArgumentException(
          "there is no column " + Printable.quote(column) + " in " + path);
    }
    return kind;
  }

  @Override
  public double[] doubles(String column) {
    expect(column, "numbers", Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.TIME);
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      Object value = rows.get(i).get(column);
      out[i] =
          value == null
              ? Double.NaN
              : value instanceof Boolean bool ? (bool ? 1 : 0) : number(value, column, i);
    }
    return out;
  }

  private double number(Object value, String column, int row) {
    try {
      return JsonObject.toDouble(value, column);
    } catch (JsonException e) {
      throw damaged(column, row, "has a value of another kind", e);
    }
  }

  private IntegrityException otherKind(String column, int row) {
    return damaged(column, row, "has a value of another kind", null);
  }

  private IntegrityException damaged(
      String column, int row, String how, @Nullable Throwable cause) {
    return new IntegrityException(
        path
            + " is damaged: the column "
            + Printable.quote(column)
            + " "
            + how
            + " in line "
            + lines.get(row),
        cause);
  }

  @Override
  public long[] longs(String column) {
    expect(column, "integers", Kind.INTEGER, Kind.BOOLEAN, Kind.TIME);
    long[] out = new long[rows.size()];
    for (int i = 0; i < out.length; i++) {
      Object value = rows.get(i).get(column);
      if (value instanceof Boolean bool) {
        out[i] = bool ? 1 : 0;
      } else if (value instanceof Long number) {
        out[i] = number;
      } else if (value != null) {
        throw otherKind(column, i);
      }
    }
    return out;
  }

  @Override
  public @Nullable String[] texts(String column) {
    expect(column, "texts", Kind.TEXT, Kind.CATEGORY);
    @Nullable String[] out = new String[rows.size()];
    for (int i = 0; i < out.length; i++) {
      Object value = rows.get(i).get(column);
      if (value != null && !(value instanceof String)) {
        throw otherKind(column, i);
      }
      out[i] = (String) value;
    }
    return out;
  }

  @Override
  public float[] embeddings(String column) {
    expect(column, "embeddings", Kind.EMBEDDING);
    int length = length(column);
    // The file has given the batch as many rows as there is room for with its longest list.
    float[] out = new float[Math.multiplyExact(rows.size(), length)];
    Arrays.fill(out, Float.NaN);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).get(column) instanceof List<?> list) {
        for (int k = 0; k < length; k++) {
          Object item = list.get(k);
          out[i * length + k] = item == null ? Float.NaN : (float) number(item, column, i);
        }
      }
    }
    return out;
  }

  /** The length that all lists of a column have; 0 if there is none. */
  private int length(String column) {
    int length = -1;
    for (int i = 0; i < rows.size(); i++) {
      Object value = rows.get(i).get(column);
      if (value == null) {
        continue;
      }
      if (!(value instanceof List<?> list)) {
        throw otherKind(column, i);
      }
      if (length >= 0 && list.size() != length) {
        throw damaged(
            column,
            i,
            "has lists of " + length + " values before, and one of " + list.size(),
            null);
      }
      length = list.size();
    }
    return Math.max(0, length);
  }

  @Override
  public boolean isNull(String column, int row) {
    kind(column);
    return rows.get(row).get(column) == null;
  }

  private void expect(String column, String what, Kind... wanted) {
    Kind found = kind(column);
    if (found != Kind.NOTHING && !List.of(wanted).contains(found)) {
      throw new IllegalArgumentException(
          "the column "
              + Printable.quote(column)
              + " of "
              + path
              + " has no "
              + what
              + ": "
              + found);
    }
  }
}
