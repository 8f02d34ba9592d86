package io.plumbline.serving.internal.capture;

import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.internal.VersionFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of one version's rows stand in a slot. A slot's doubles are one for each cell
 * and then the outputs; its longs a header, the cells that are set by name in bits, whole numbers,
 * and where the texts of features stand among its characters.
 *
 * <p>A cell is a feature: the inputs by position, then the context.
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
    TEXT
  }

  // The header, in longs. The flags say which of the request's texts there are.
  static final int MICROS = 0;
  static final int FLAGS = 1;
  static final int LATENCY = 2;
  static final int REQUEST_ID = 3;
  static final int ENTITY = 4;
  static final int TRACE = 5;
  static final int SLICE = 6;
  static final int HEADER = 7;

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

  /** The features in the order of the cells. */
  final List<Feature> features;

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
  private final Cell[] kinds;
  private final int[] places;
  private final Map<String, Integer> byName = new HashMap<>();

  RowLayout(VersionFacts facts, Ring ring, int number) {
    this.facts = facts;
    this.ring = ring;
    this.number = number;
    this.features = List.copyOf(cells(facts));
    this.inputs = facts.inputs().size();
    this.cells = features.size();
    this.outputs = facts.outputs();
    this.maskWords = maskWords(cells);
    this.kinds = new Cell[cells];
    this.places = new int[cells];
    int wholeCells = 0;
    int textCells = 0;
    for (int cell = 0; cell < cells; cell++) {
      Cell kind = kind(features.get(cell), cell < inputs);
      kinds[cell] = kind;
      places[cell] = kind == Cell.WHOLE ? wholeCells++ : kind == Cell.TEXT ? textCells++ : -1;
      byName.put(features.get(cell).name(), cell);
    }
    this.wholes = wholeCells;
    this.texts = textCells;
    this.firstWhole = HEADER + maskWords;
    this.firstText = firstWhole + wholes;
  }

  private static List<Feature> cells(VersionFacts facts) {
    List<Feature> cells = new ArrayList<>();
    for (String input : facts.inputs()) {
      cells.add(facts.features().find(input).orElseGet(() -> Feature.of(input, DataType.DOUBLE)));
    }
    for (Feature feature : facts.features().features()) {
      if (feature.role() == Feature.Role.CONTEXT) {
        cells.add(feature);
      }
    }
    return cells;
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
  static Ring.Widths widths(VersionFacts facts, int longestText) {
    List<Feature> features = cells(facts);
    int cells = features.size();
    int inputs = facts.inputs().size();
    int wholes = 0;
    int texts = 0;
    for (int cell = 0; cell < cells; cell++) {
      Cell kind = kind(features.get(cell), cell < inputs);
      wholes += kind == Cell.WHOLE ? 1 : 0;
      texts += kind == Cell.TEXT ? 1 : 0;
    }
    int usual = (int) Math.min(MOST_CHARS, REQUEST_CHARS + (long) FEATURE_CHARS * texts);
    int most = 4 * LONGEST_REQUEST_TEXT + (int) Math.min(MOST_TEXT, (long) texts * longestText);
    return new Ring.Widths(
        cells + facts.outputs(),
        HEADER + maskWords(cells) + wholes + texts,
        Math.min(usual, most),
        most);
  }

  /**
   * Writes a slot's header.
   *
   * @param micros when the event was; 0 for now
   * @param flags without the layout's number
   * @param latency in microseconds; -1 if it is not known
   * @param id where the request's id stands
   */
  void header(int slot, long micros, long flags, long latency, long id) {
    int at = slot * ring.longWidth;
    ring.longs[at + REQUEST_ID] = id;
    ring.longs[at + MICROS] = micros == 0 ? System.currentTimeMillis() * 1_000 : micros;
    ring.longs[at + FLAGS] = flags | (long) number << NUMBER_AT;
    ring.longs[at + LATENCY] = latency;
  }

  /** The cell of a feature, or -1. */
  int cell(String name) {
    Integer cell = byName.get(name);
    return cell == null ? -1 : cell;
  }

  Cell kind(int cell) {
    return kinds[cell];
  }

  /** The place of a whole number, or of a text, among those of its kind. */
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
