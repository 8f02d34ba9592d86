package io.plumbline.drift.log;

import io.plumbline.drift.internal.arrow.IpcFile;
import io.plumbline.internal.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The current rows of an Arrow file; a column is decoded when it is asked for. */
final class ArrowBatch implements LogBatch {
  private final Path path;
  private final IpcFile file;
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<String> columns = new ArrayList<>();

  /** Of the column that was asked last: a caller asks row by row. */
  private int validityOf = -1;

  private boolean @Nullable [] validity;

  ArrowBatch(Path path, IpcFile file, LogFilter filter) {
    this.path = path;
    this.file = file;
    List<String> names = file.names();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (filter.wants(name) && positions.putIfAbsent(name, i) == null) {
        columns.add(name);
      }
    }
  }

  /** Says that the file has moved on. */
  void moved() {
    validityOf = -1;
  }

  @Override
  public int rows() {
    return file.rows();
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns);
  }

  @Override
  public boolean has(String column) {
    return positions.containsKey(column);
  }

  @Override
  public Kind kind(String column) {
    return switch (file.kind(position(column))) {
      case NUMBER -> Kind.NUMBER;
      case INTEGER -> Kind.INTEGER;
      case BOOLEAN -> Kind.BOOLEAN;
      case TIME -> Kind.TIME;
      case TEXT -> Kind.TEXT;
      case CATEGORY -> Kind.CATEGORY;
      case EMBEDDING -> Kind.EMBEDDING;
      case NOTHING -> Kind.NOTHING;
      case OTHER -> Kind.OTHER;
    };
  }

  @Override
  public double[] doubles(String column) {
    int position = expect(column, "numbers", Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.TIME);
    return read(() -> file.doubles(position));
  }

  @Override
  public long[] longs(String column) {
    int position = expect(column, "integers", Kind.INTEGER, Kind.BOOLEAN, Kind.TIME);
    return read(() -> file.longs(position));
  }

  @Override
  public @Nullable String[] texts(String column) {
    int position = expect(column, "texts", Kind.TEXT, Kind.CATEGORY);
    return read(() -> file.texts(position));
  }

  @Override
  public float[] embeddings(String column) {
    int position = expect(column, "embeddings", Kind.EMBEDDING);
    return read(() -> file.embeddings(position));
  }

  @Override
  public boolean isNull(String column, int row) {
    int position = position(column);
    if (row < 0 || row >= rows()) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows());
    }
    if (position != validityOf) {
      Guard.doing(path, () -> validity = file.validity(position));
      validityOf = position;
    }
    return validity != null && !validity[row];
  }

  private <T> T read(Guard.Reading<T> reading) {
    return Guard.reading(path, reading);
  }

  private int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException(
          "there is no column " + Printable.quote(column) + " in " + path);
    }
    return position;
  }

  private int expect(String column, String what, Kind... kinds) {
    int position = position(column);
    Kind found = kind(column);
    if (found != Kind.NOTHING && !List.of(kinds).contains(found)) {
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
    return position;
  }
}
