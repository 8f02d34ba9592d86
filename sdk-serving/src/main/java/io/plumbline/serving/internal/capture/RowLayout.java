package io.plumbline.serving.internal.capture;

import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.internal.VersionFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of one version's rows stand in a slot. A slot's doubles are one for each cell
 * and then the outputs; its longs a header, the cells that are set by name in bits, and whole
 * numbers; its texts the request's and then one for each cell.
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

  // The header, in longs.
  static final int MICROS = 0;
  static final int FLAGS = 1;
  static final int LATENCY = 2;
  static final int HEADER = 3;

  // The request's texts.
  static final int REQUEST_ID = 0;
  static final int ENTITY = 1;
  static final int TRACE = 2;
  static final int SLICE = 3;
  static final int REQUEST = 4;

  // The flags; above them the role's and the outcome's places, and the layout's number.
  static final long BY_POSITION = 1;
  static final long NAMED = 2;
  static final long PREDICTED = 4;
  static final int ROLE_AT = 8;
  static final int OUTCOME_AT = 12;
  static final int NUMBER_AT = 32;

  /** How long the request's texts are at most: a longer id is a mistake, the others are cut. */
  static final int LONGEST_REQUEST_TEXT = 256;

  /** The most characters that the texts of a row's features have together. */
  static final int MOST_TEXT = 16_384;

  /** What a text takes besides its characters. */
  private static final int STRING_BYTES = 48;

  final VersionFacts facts;

  /** The features in the order of the cells. */
  final List<Feature> features;

  final Ring ring;
  final int number;
  final int inputs;
  final int cells;
  final int outputs;
  final int maskWords;
  private final Cell[] kinds;
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
    for (int cell = 0; cell < cells; cell++) {
      kinds[cell] = kind(features.get(cell), cell < inputs);
      byName.put(features.get(cell).name(), cell);
    }
  }

  private static List<Feature> cells(VersionFacts facts) {
    java.util.ArrayList<Feature> cells = new java.util.ArrayList<>();
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
    long textCells = features.stream().filter(f -> kind(f, false) == Cell.TEXT).count();
    long characters = (long) REQUEST * LONGEST_REQUEST_TEXT + textsOf(textCells, longestText);
    return new Ring.Widths(
        cells + facts.outputs(),
        HEADER + maskWords(cells) + cells,
        REQUEST + cells,
        2 * characters + STRING_BYTES * (REQUEST + textCells));
  }

  private static long textsOf(long cells, int longestText) {
    return Math.min(MOST_TEXT, cells * longestText);
  }

  /**
   * Writes a slot's header.
   *
   * @param micros when the event was; 0 for now
   * @param flags without the layout's number
   * @param latency in microseconds; -1 if it is not known
   */
  void header(int slot, long micros, long flags, long latency) {
    int at = slot * ring.longWidth;
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
}
