package io.plumbline.lightgbm;

import io.plumbline.internal.Printable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * Checks a model's text and makes of it the one that LightGBM reads.
 *
 * <p>That one differs from the text in what does not count for predictions: it has nothing after
 * the trees, and not the line {@code tree_sizes}. With the line LightGBM reads the trees in threads
 * of its own, which stay; and an error among them is none that it reports: it ends the program.
 */
final class ModelCheck {
  private static final String SIZES = "tree_sizes";
  private static final String END = "end of trees\n";

  /** No output of a row is larger; a model without trees could ask for any size. */
  private static final int MAX_CLASSES = 1 << 20;

  private static final Set<String> KEYS =
      Set.of(
          "tree",
          "version",
          "num_class",
          "num_tree_per_iteration",
          "label_index",
          "max_feature_idx",
          "objective",
          "average_output",
          "feature_names",
          "monotone_constraints",
          "feature_infos",
          SIZES);

  /** Those of LightGBM 4, which prints a line for any other. */
  private static final Set<String> OBJECTIVES =
      Set.of(
          "binary",
          "cross_entropy",
          "cross_entropy_lambda",
          "custom",
          "fair",
          "gamma",
          "huber",
          "lambdarank",
          "mape",
          "multiclass",
          "multiclassova",
          "poisson",
          "quantile",
          "rank_xendcg",
          "regression",
          "regression_l1",
          "tweedie");

  private final String text;
  private final ModelText head;
  private final boolean newer;
  private boolean linear;
  private int end;

  private ModelCheck(String text, ModelText head, boolean newer) {
    this.text = text;
    this.head = head;
    this.newer = newer;
  }

  /**
   * Checks a text.
   *
   * @param newer whether lines are accepted that are not known here
   * @return the text for LightGBM
   * @throws IllegalArgumentException if LightGBM would not read it as what it is; the message says
   *     where
   */
  static String checked(String text, ModelText head, boolean newer) {
    ModelCheck check = new ModelCheck(text, head, newer);
    check.checkHead();
    check.checkTrees();
    return check.forLightGbm();
  }

  private void checkHead() {
    for (String key : head.lines().keySet()) {
      if (!newer && !KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "the line " + Printable.quote(key) + " before the trees is not known here");
      }
    }
    int features = features();
    if (features < 1) {
      throw new IllegalArgumentException("the model has no feature");
    }
    int unused = head.number("label_index");
    for (String key : List.of("feature_names", "feature_infos", "monotone_constraints")) {
      int words = head.words(key).size();
      boolean optional = key.equals("monotone_constraints");
      if (words != features && !(optional && !head.lines().containsKey(key))) {
        throw new IllegalArgumentException(
            "the line " + key + "=... has " + words + " words for " + features + " features");
      }
    }
    checkClasses();
  }

  private int features() {
    int last = head.number("max_feature_idx");
    return last == Integer.MAX_VALUE ? -1 : last + 1;
  }

  /** LightGBM writes as many outputs as one line says into the room that another asks for. */
  private void checkClasses() {
    int classes = head.classes();
    if (classes < 1 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "num_class=" + classes + " is not from 1 to " + MAX_CLASSES);
    }
    if (head.number("num_tree_per_iteration") != classes || head.trees() % classes != 0) {
      throw new IllegalArgumentException(
          "for "
              + classes
              + " classes there are "
              + head.trees()
              + " trees, num_tree_per_iteration="
              + head.number("num_tree_per_iteration"));
    }
    if (head.lines().containsKey("objective")) {
      checkObjective(classes);
    }
  }

  private void checkObjective(int classes) {
    List<String> objective = head.words("objective");
    if (objective.isEmpty()) {
      throw new IllegalArgumentException("the line objective=... is empty");
    }
    if (!newer && !OBJECTIVES.contains(objective.get(0))) {
      throw new IllegalArgumentException(
          "the objective " + Printable.quote(objective.get(0)) + " is not known here");
    }
    if (objective.get(0).equals("custom")) {
      return;
    }
    boolean several = objective.get(0).startsWith("multiclass");
    List<String> counts = objective.stream().filter(w -> w.contains("num_class")).toList();
    if (!counts.equals(several ? List.of("num_class:" + classes) : List.of())
        || !several && classes > 1) {
      throw new IllegalArgumentException(
          "the objective "
              + Printable.quote(String.join(" ", objective))
              + " does not fit num_class="
              + classes);
    }
  }

  private void checkTrees() {
    if (!head.lines().containsKey(SIZES)) {
      throw new IllegalArgumentException(
          "there is no line " + SIZES + "=...: was it written by a LightGBM older than 2.2?");
    }
    String sizes = head.lines().get(SIZES);
    NumberWords words = new NumberWords(sizes, 0, sizes.length());
    int features = features();
    end = head.end();
    for (int tree = 0; words.next(); tree++) {
      try {
        checkTree(tree, words.integer(), features);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("tree " + tree + ": " + e.getMessage(), e);
      }
    }
    if (!text.startsWith(END, end)) {
      throw new IllegalArgumentException(
          "after "
              + head.trees()
              + " trees there must be 'end of trees'; it is cut off, or has more");
    }
  }

  private void checkTree(int tree, int size, int features) {
    String title = "Tree=" + tree + "\n";
    if (size < title.length() || size > text.length() - end) {
      throw new IllegalArgumentException(
          "it has " + size + " bytes, but the text goes on for " + (text.length() - end));
    }
    if (!text.startsWith(title, end)) {
      throw new IllegalArgumentException(
          "it does not begin where it must, with 'Tree=" + tree + "'");
    }
    int next = end + size;
    linear |= TreeCheck.check(text, end + title.length(), next, features, newer);
    end = next;
  }

  private String forLightGbm() {
    int trees = head.end();
    int sizes = text.indexOf("\n" + SIZES + "=") + 1;
    int after = text.indexOf('\n', sizes) + 1;
    StringBuilder result = new StringBuilder(end + END.length());
    result.append(text, 0, sizes).append(text, after, trees);
    if (linear) {
      appendWithoutPoints(result, trees);
    } else {
      result.append(text, trees, end);
    }
    return result.append(END).toString();
  }

  /**
   * Appends the trees with integers and exponents for the decimal fractions of linear models: these
   * LightGBM reads in the locale of the process, and where that has a decimal comma it would read
   * 0.5 as 0. The numbers are the same.
   */
  private void appendWithoutPoints(StringBuilder result, int trees) {
    for (int at = trees; at < end; ) {
      int newline = text.indexOf('\n', at);
      if (text.startsWith("leaf_const=", at) || text.startsWith("leaf_coeff=", at)) {
        int value = text.indexOf('=', at) + 1;
        result.append(text, at, value);
        NumberWords words = new NumberWords(text, value, newline);
        while (words.next()) {
          result.append(withoutPoint(words.word())).append(' ');
        }
        result.append('\n');
      } else {
        result.append(text, at, newline + 1);
      }
      at = newline + 1;
    }
  }

  private static String withoutPoint(String number) {
    if (number.indexOf('.') < 0) {
      return number;
    }
    BigDecimal value = new BigDecimal(number);
    return (value.signum() == 0 && number.startsWith("-") ? "-" : "")
        + value.unscaledValue()
        + "e"
        + -value.scale();
  }
}
