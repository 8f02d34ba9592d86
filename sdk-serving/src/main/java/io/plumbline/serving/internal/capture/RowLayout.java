package io.plumbline.serving.internal.capture;

import io.plumbline.internal.Nearest;
import io.plumbline.internal.Printable;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.internal.VersionFacts;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of one version's rows stand in a slot. A slot's doubles are one for each cell
 * and then the outputs; its longs a header, the cells that are set by name in bits, whole numbers,
 * and where the texts of features stand among its characters; its floats the embeddings.
 *
 * <p>A cell is a feature: the inputs by position, then the context, then embeddings.
 */
final class RowLayout {
  /** A role's place among the log's choices. */
  static int code(LogRow.Role role) {
    return switch (role) {
      case PRIMARY -> 0;
      case SHADOW -> 1;
      case FALLBACK -> 2;
      case BATCH -> 3;
    };
  }

  /** An outcome's place among the log's choices. */
  static int code(LogRow.Outcome outcome) {
    return switch (outcome) {
      case OK -> 0;
      case ERROR -> 1;
      case TIMEOUT -> 2;
      case REJECTED -> 3;
    };
  }

  /** What a cell holds. */
  enum Cell {
    NUMBER,
    TRUTH,
    WHOLE,
    TEXT,
    EMBEDDING
  }

  /**
   * A column of the caller's.
   *
   * @param length of an embedding
   */
  record Column(String name, Cell kind, int length) {}

  // The header, in longs. The flags say which of the request's texts there are.
  static final int MICROS = 0;
  static final int FLAGS = 1;
  static final int LATENCY = 2;
  static final int REQUEST_ID = 3;
  static final int ENTITY = 4;
  static final int TRACE = 5;
  static final int SLICE = 6;
  static final int HEADER = 7;

  /** An event's time. */
  static final long NOW = Long.MIN_VALUE;

  // The flags; above them the role's and the outcome's places, and the layout's number.
  static final long BY_POSITION = 1;
  static final long NAMED = 2;
  static final long PREDICTED = 4;
  static final long SPILLED = 8;
  static final long HAS_ENTITY = 16;
  static final long HAS_TRACE = 32;
  static final long HAS_SLICE = 64;
  static final int ROLE_AT = 8;
  static final int OUTCOME_AT = 12;
  static final int NUMBER_AT = 32;

  /** How long the request's texts are at most: a longer id is a mistake, the others are cut. */
  static final int LONGEST_REQUEST_TEXT = 256;

  /** The most characters that the texts of a row's features have together. */
  static final int MOST_TEXT = 16_384;

  /** So many characters of a slot are for the request's texts: an id is a UUID, say. */
  private static final int REQUEST_CHARS = 64;

  /** And so many for each text of a feature, which is a code or a name. */
  private static final int FEATURE_CHARS = 24;

  private static final int MOST_CHARS = 1_024;

  final VersionFacts facts;

  /** What the cells hold. */
  final List<Column> columns;

  final Ring ring;
  final int number;
  final int inputs;
  final int cells;
  final int outputs;
  final int maskWords;

  /** Among the longs of a slot: the first whole number, and where the first text stands. */
  final int firstWhole;

  final int firstText;
  final int wholes;
  final int texts;
  final int floats;
  private final Cell[] kinds; // flat, since every row asks
  private final int[] places;
  private final Map<String, Integer> byName = new HashMap<>();

  RowLayout(VersionFacts facts, Map<String, Integer> embeddings, Ring ring, int number) {
    this.facts = facts;
    this.ring = ring;
    this.number = number;
    this.columns = columns(facts, embeddings);
    this.inputs = facts.inputs().size();
    this.cells = columns.size();
    this.outputs = facts.outputs();
    this.maskWords = maskWords(cells);
    this.kinds = new Cell[cells];
    this.places = new int[cells];
    int wholeCells = 0;
    int textCells = 0;
    int floatsSoFar = 0;
    for (int cell = 0; cell < cells; cell++) {
      Column column = columns.get(cell);
      kinds[cell] = column.kind();
      switch (column.kind()) {
        case NUMBER, TRUTH -> {}
        case WHOLE -> places[cell] = wholeCells++;
        case TEXT -> places[cell] = textCells++;
        case EMBEDDING -> {
          places[cell] = floatsSoFar;
          floatsSoFar += column.length();
        }
      }
      byName.put(column.name(), cell);
    }
    this.wholes = wholeCells;
    this.texts = textCells;
    this.floats = floatsSoFar;
    this.firstWhole = HEADER + maskWords;
    this.firstText = firstWhole + wholes;
  }

  private static List<Column> columns(VersionFacts facts, Map<String, Integer> embeddings) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (String input : facts.inputs()) {
      Feature feature =
          facts.features().find(input).orElseGet(() -> Feature.of(input, DataType.DOUBLE));
      columns.put(input, new Column(input, kind(feature, true), 0));
    }
    for (Feature feature : facts.features().features()) {
      if (feature.role() == Feature.Role.CONTEXT) {
        columns.put(feature.name(), new Column(feature.name(), kind(feature, false), 0));
      }
    }
    embeddings.forEach(
        (name, length) -> {
          if (facts.inputs().contains(name)) {
            throw new IllegalArgumentException(
                "the model takes a number named "
                    + Printable.quote(name)
                    + "; an embedding needs another name");
          }
          columns.put(name, new Column(name, Cell.EMBEDDING, length));
        });
    return List.copyOf(columns.values());
  }

  /** Inputs are numbers, whole or not, since a model gets doubles. */
  private static Cell kind(Feature feature, boolean input) {
    return switch (feature.type()) {
      case STRING, BINARY -> Cell.TEXT;
      case BOOLEAN -> Cell.TRUTH;
      case INTEGER, LONG, DATETIME -> input ? Cell.NUMBER : Cell.WHOLE;
      case FLOAT, DOUBLE -> Cell.NUMBER;
    };
  }

  private static int maskWords(int cells) {
    return (cells + 63) / 64;
  }

  /**
   * How wide a slot of this version is.
   *
   * @param longestText how many characters a feature's text has at most
   */
  static Ring.Widths widths(VersionFacts facts, Map<String, Integer> embeddings, int longestText) {
    List<Column> columns = columns(facts, embeddings);
    int cells = columns.size();
    int wholes = 0;
    int texts = 0;
    int floats = 0;
    for (Column column : columns) {
      wholes += column.kind() == Cell.WHOLE ? 1 : 0;
      texts += column.kind() == Cell.TEXT ? 1 : 0;
      floats = Math.addExact(floats, column.length());
    }
    int usual = (int) Math.min(MOST_CHARS, REQUEST_CHARS + (long) FEATURE_CHARS * texts);
    int most = 4 * LONGEST_REQUEST_TEXT + (int) Math.min(MOST_TEXT, (long) texts * longestText);
    return new Ring.Widths(
        cells + facts.outputs(),
        HEADER + maskWords(cells) + wholes + texts,
        floats,
        Math.min(usual, most),
        most);
  }

  /**
   * Writes a slot's header.
   *
   * @param micros when the event was, or {@link #NOW}
   * @param flags without the layout's number
   * @param latency in microseconds; -1 if it is not known
   * @param id where the request's id stands
   */
  void header(int slot, long micros, long flags, long latency, long id) {
    int at = slot * ring.longWidth;
    ring.longs[at + REQUEST_ID] = id;
    ring.longs[at + MICROS] = micros == NOW ? System.currentTimeMillis() * 1_000 : micros;
    ring.longs[at + FLAGS] = flags | (long) number << NUMBER_AT;
    ring.longs[at + LATENCY] = latency;
  }

  /** The cell of a feature, or -1. */
  int cell(String name) {
    Integer cell = byName.get(name);
    return cell == null ? -1 : cell;
  }

  /** Says why a value was left out that was set by this name, and which column was meant. */
  String whyUnknown(String column) {
    String log = "the prediction log of " + facts.version().uri();
    if (byName.containsKey(column)) {
      return log + " takes no such value for its column " + Printable.quote(column);
    }
    String nearest = Nearest.match(column, columns.stream().map(Column::name).toList());
    return log
        + " has no column "
        + Printable.quote(column)
        + (nearest == null ? "; " : "; did you mean " + Printable.quote(nearest) + "? ")
        + "a column that is only watched is a Feature.context(...) in the version's feature schema";
  }

  Cell kind(int cell) {
    return kinds[cell];
  }

  /**
   * The place of a whole number, a text, or an embedding's first number, among those of its kind.
   */
  int place(int cell) {
    return places[cell];
  }

  // ---- texts: where one begins, and how long it is, in one long

  static long range(int from, int length) {
    return (long) from << 32 | length;
  }

  static int from(long range) {
    return (int) (range >>> 32);
  }

  static int length(long range) {
    return (int) range;
  }
}
