package io.plumbline.drift.internal.profile;

import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The frames of all columns; counts of one frame can be added up. Immutable. */
public final class Frame {
  private final List<ColumnFrame> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final String digest;

  public Frame(List<ColumnFrame> columns) {
    this.columns = List.copyOf(columns);
    for (ColumnFrame column : this.columns) {
      if (positions.put(column.name(), positions.size()) != null) {
        throw new IllegalArgumentException(
            "two columns are named " + Printable.quote(column.name()));
      }
    }
    this.digest =
        Sha256.of(Json.canonical(this.columns.stream().map(ColumnFrame::identity).toList()));
  }

  public List<ColumnFrame> columns() {
    return columns;
  }

  /** The SHA-256 of names, kinds, edges and categories. */
  public String digest() {
    return digest;
  }

  /** The position of a column, or -1. */
  public int find(String name) {
    return positions.getOrDefault(name, -1);
  }

  /**
   * The position of a column.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int position(String name) {
    int position = find(name);
    if (position < 0) {
      throw new IllegalArgumentException(
          "the profile has no column "
              + Printable.quote(name)
              + "; it has "
              + Printable.line(columns.stream().map(ColumnFrame::name).toList().toString()));
    }
    return position;
  }
}
