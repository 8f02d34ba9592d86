package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.internal.csv.CellScanner;
import io.plumbline.model.DataType;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a column is when nobody says so. */
public final class Kinds {
  private Kinds() {}

  /** The role by the names that prediction logs use. */
  public static ColumnRole role(String name) {
    return switch (name) {
      case LogSchema.PREDICTION -> ColumnRole.PREDICTION;
      case LogSchema.SCORE -> ColumnRole.SCORE;
      case LogSchema.TARGET -> ColumnRole.TARGET;
      default -> ColumnRole.INPUT;
    };
  }

  /** The kind of a feature's type; null for texts, which decide it themselves. */
  public static @Nullable ColumnKind of(DataType type) {
    return switch (type) {
      case BOOLEAN -> ColumnKind.BOOLEAN;
      case INTEGER, LONG -> ColumnKind.INTEGER;
      case FLOAT, DOUBLE, DATETIME -> ColumnKind.NUMERIC;
      case STRING, BINARY -> null;
    };
  }

  /** The kind of a file's cells, by what all of them can be; null for texts. */
  static @Nullable ColumnKind of(List<String> cells) {
    CellScanner scanner = new CellScanner();
    Set<CellScanner.Kind> seen = EnumSet.noneOf(CellScanner.Kind.class);
    for (String cell : cells) {
      seen.add(scan(scanner, cell));
    }
    seen.remove(CellScanner.Kind.EMPTY);
    if (seen.contains(CellScanner.Kind.TEXT)) {
      return null;
    }
    if (seen.contains(CellScanner.Kind.BOOLEAN)) {
      return seen.size() == 1 ? ColumnKind.BOOLEAN : null;
    }
    return seen.equals(EnumSet.of(CellScanner.Kind.INTEGER))
        ? ColumnKind.INTEGER
        : ColumnKind.NUMERIC;
  }

  static CellScanner.Kind scan(CellScanner scanner, String cell) {
    byte[] bytes = cell.getBytes(StandardCharsets.UTF_8);
    return scanner.scan(bytes, 0, bytes.length);
  }
}
