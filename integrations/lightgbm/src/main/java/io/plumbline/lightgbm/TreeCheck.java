package io.plumbline.lightgbm;

import io.plumbline.internal.Printable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Checks one tree before LightGBM's parser sees it. The parser trusts the text: it reads on where a
 * line is cut off, and what it makes of a wrong number predicts from memory that is not the tree's,
 * or never ends.
 */
final class TreeCheck {
  /** The parser does not read further. */
  private static final int MAX_LINES = 22;

  /** A decision's bit that says that the threshold is the number of a set of categories. */
  private static final int CATEGORICAL = 1;

  /** Bit 1 is the default direction; bits 2 and 3 are 0, 1 or 2: what counts as missing. */
  private static final int MAX_DECISION = 11;

  private static final Set<String> KEYS =
      Set.of(
          "num_leaves",
          "num_cat",
          "split_feature",
          "split_gain",
          "threshold",
          "decision_type",
          "left_child",
          "right_child",
          "leaf_value",
          "leaf_weight",
          "leaf_count",
          "internal_value",
          "internal_weight",
          "internal_count",
          "cat_boundaries",
          "cat_threshold",
          "is_linear",
          "leaf_const",
          "num_features",
          "leaf_features",
          "leaf_coeff",
          "shrinkage");

  private record Value(int from, int end) {}

  private final String text;
  private final int features;
  private final Map<String, Value> lines = new HashMap<>();
  private String key = "";

  private TreeCheck(String text, int features) {
    this.text = text;
    this.features = features;
  }

  /**
   * Checks the lines of a tree.
   *
   * @param from where the lines begin, after {@code Tree=...}
   * @param end where the next tree begins
   * @param features how many features the model has
   * @param newer whether lines are accepted that are not known here
   * @return whether the leaves are linear models
   * @throws IllegalArgumentException if LightGBM would not read it as what it is
   */
  static boolean check(String text, int from, int end, int features, boolean newer) {
    TreeCheck tree = new TreeCheck(text, features);
    tree.readLines(from, end, newer);
    try {
      return tree.check();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the line " + tree.key + "=...: " + e.getMessage(), e);
    }
  }

  private void readLines(int from, int end, boolean newer) {
    int at = from;
    while (at < end && text.charAt(at) != '\n') {
      int newline = text.indexOf('\n', at);
      int equals = text.indexOf('=', at);
      if (newline < 0 || newline >= end || equals < 0 || equals > newline) {
        int shown = Math.min(end, newline < 0 ? end : newline);
        throw new IllegalArgumentException(
            Printable.quote(text.substring(at, shown)) + " is no whole line of a tree");
      }
      String found = text.substring(at, equals);
      if (!KEYS.contains(found) && !newer) {
        throw new IllegalArgumentException(
            "the line " + Printable.quote(found) + " is not known here");
      }
      if (lines.put(found, new Value(equals + 1, newline)) != null) {
        throw new IllegalArgumentException("the line " + found + "=... is there twice");
      }
      at = newline + 1;
    }
    if (lines.size() > MAX_LINES) {
      throw new IllegalArgumentException(
          "it has " + lines.size() + " lines; LightGBM reads " + MAX_LINES);
    }
    while (at < end) {
      if (text.charAt(at++) != '\n') {
        throw new IllegalArgumentException("it goes on after an empty line");
      }
    }
  }

  private boolean check() {
    int leaves = one("num_leaves", 1, Integer.MAX_VALUE);
    int sets = one("num_cat", 0, Integer.MAX_VALUE);
    int linear = lines.containsKey("is_linear") ? one("is_linear", 0, 1) : 0;
    reals("leaf_value", leaves);
    if (lines.containsKey("shrinkage")) {
      reals("shrinkage", 1);
    }
    if (leaves > 1 || linear == 1) {
      checkSplits(leaves, sets);
      checkStatistics(leaves);
    }
    if (linear == 1) {
      checkLinearModels(leaves);
    }
    return linear == 1;
  }

  private void checkSplits(int leaves, int sets) {
    integers("split_feature", leaves - 1, 0, features - 1);
    checkChildren(leaves);
    reals("threshold", leaves - 1);
    int[] decisions = integers("decision_type", leaves - 1, 0, MAX_DECISION);
    if (sets > 0) {
      int[] boundaries = integers("cat_boundaries", sets + 1L, 0, Integer.MAX_VALUE);
      for (int i = 0; i < sets; i++) {
        if (boundaries[i] > boundaries[i + 1]) {
          throw new IllegalArgumentException(boundaries[i] + " is before " + boundaries[i + 1]);
        }
      }
      longs("cat_threshold", boundaries[sets], 0xFFFF_FFFFL);
    }
    NumberWords thresholds = words("threshold");
    for (int decision : decisions) {
      boolean there = thresholds.next();
      assert there : "they are counted";
      if ((decision & CATEGORICAL) != 0) {
        double set = thresholds.real();
        if (!(set >= 0 && set < sets) || set != Math.rint(set)) {
          throw new IllegalArgumentException(
              set + " is none of the " + sets + " sets of categories");
        }
      }
    }
  }

  /**
   * Checks that the splits are a tree. LightGBM numbers them in the order in which it made them, so
   * that a child comes after its parent; leaf i is written as -1-i.
   */
  private void checkChildren(int leaves) {
    boolean[] splits = new boolean[leaves];
    boolean[] ends = new boolean[leaves];
    for (String side : new String[] {"left_child", "right_child"}) {
      int[] children = integers(side, leaves - 1, -leaves, leaves - 2);
      for (int split = 0; split < children.length; split++) {
        int child = children[split];
        boolean[] seen = child < 0 ? ends : splits;
        int index = child < 0 ? -1 - child : child;
        if (seen[index] || child >= 0 && child <= split) {
          throw new IllegalArgumentException(child + " cannot be the child of " + split);
        }
        seen[index] = true;
      }
    }
  }

  /** What does not count for predictions, but LightGBM reads. */
  private void checkStatistics(int leaves) {
    for (String line : new String[] {"split_gain", "internal_value", "internal_weight"}) {
      if (lines.containsKey(line)) {
        reals(line, leaves - 1);
      }
    }
    if (lines.containsKey("internal_count")) {
      integers("internal_count", leaves - 1, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (lines.containsKey("leaf_weight")) {
      reals("leaf_weight", leaves);
    }
    if (lines.containsKey("leaf_count")) {
      integers("leaf_count", leaves, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  }

  private void checkLinearModels(int leaves) {
    reals("leaf_const", leaves);
    int[] counts = integers("num_features", leaves, 0, features);
    long total = Arrays.stream(counts).asLongStream().sum();
    integers("leaf_features", total, 0, features - 1);
    reals("leaf_coeff", total);
  }

  // ---- the numbers of a line

  private NumberWords words(String line) {
    key = line;
    Value value = lines.get(line);
    if (value == null) {
      throw new IllegalArgumentException("it is missing");
    }
    return new NumberWords(text, value.from(), value.end());
  }

  private int one(String line, int least, int most) {
    return integers(line, 1, least, most)[0];
  }

  private int[] integers(String line, long count, int least, int most) {
    NumberWords words = words(line);
    int[] all = new int[room(line, count)];
    for (int i = 0; words.next(); i++) {
      int value = words.integer();
      if (value < least || value > most) {
        throw new IllegalArgumentException(value + " is not from " + least + " to " + most);
      }
      all[i] = value;
    }
    return all;
  }

  private void longs(String line, long count, long most) {
    NumberWords words = words(line);
    room(line, count);
    while (words.next()) {
      long value = words.longInteger();
      if (value < 0 || value > most) {
        throw new IllegalArgumentException(value + " is not from 0 to " + most);
      }
    }
  }

  private void reals(String line, long count) {
    NumberWords words = words(line);
    room(line, count);
    while (words.next()) {
      words.checkReal();
    }
  }

  /** Counts the numbers of a line before anything of that size is made. */
  private int room(String line, long count) {
    NumberWords words = words(line);
    int found = 0;
    while (words.next()) {
      found++;
    }
    if (found != count) {
      throw new IllegalArgumentException("there are " + found + " numbers, not " + count);
    }
    return found;
  }
}
