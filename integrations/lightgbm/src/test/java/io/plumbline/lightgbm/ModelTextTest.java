package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The check of a model's text")
class ModelTextTest {
  private static final String END = "end of trees\n";

  @Test
  @DisplayName("leaves to LightGBM what counts for predictions, and nothing after the trees")
  void leavesTheTrees() throws Exception {
    String text = Models.threeClasses();
    String checked = checked(text);

    int trees = text.indexOf("\nTree=0\n");
    assertThat(checked)
        .startsWith("tree\nversion=v4\nnum_class=3\n")
        .endsWith(text.substring(trees, text.indexOf(END) + END.length()))
        .doesNotContain("tree_sizes=", "parameters:");
    assertThat(checked.length()).isLessThan(text.length());
  }

  @Test
  @DisplayName("writes the numbers of linear models so that no locale reads them as others")
  void writesNumbersWithoutPoint() throws Exception {
    String text = Models.linear();
    assertThat(lines(text)).containsPattern("[0-9]\\.[0-9]");

    String checked = checked(text);

    assertThat(lines(checked)).doesNotContain(".").isNotEmpty();
    double[][] rows = Models.rows(100, 9);
    assertThat(Models.predictions(checked, rows, 1))
        .containsExactly(Models.predictions(text, rows, 1));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "tree | forest | the first line must be 'tree'",
        "version=v4\\n | \"\" | no line version",
        "num_class=3 | num_class=0 | num_class=0 is not from 1",
        "num_class=3 | num_class=-3 | num_class=-3 is not from 1",
        "num_class=3 | num_class=2000000000 | is not from 1",
        "num_class=3 | num_class=3x | '3x' is not a number",
        "num_class=3 | num_class= | a number is missing",
        "num_tree_per_iteration=3 | num_tree_per_iteration=0 | num_tree_per_iteration=0",
        "num_tree_per_iteration=3 | num_tree_per_iteration=9 | num_tree_per_iteration=9",
        "label_index=0\\n | \"\" | the line label_index",
        "max_feature_idx=4 | max_feature_idx=5 | feature_names=... has 5 words for 6",
        "max_feature_idx=4 | max_feature_idx=2147483647 | no feature",
        "max_feature_idx=4 | max_feature_idx=-1 | no feature",
        "feature_infos=\\S+ | feature_infos= | feature_infos=... has 4 words for 5",
        "feature_names= | monotone_constraints=1\\nfeature_names= | has 1 words for 5",
        "label_index=0 | label_index=0\\nlabel_index=0 | 'label_index' is there twice",
        "label_index=0 | label_index=0\\n=num_class=9 | has no key",
        "objective=multiclass num_class:3 | objective= | objective=... is empty",
        "num_class:3 | num_class:99 | does not fit num_class=3",
        "num_class:3 | num_class:3 :num_class:99 | does not fit num_class=3",
        "objective=multiclass num_class:3 | objective=regression | does not fit num_class=3",
        "objective=multiclass num_class:3 | objective=magic | 'magic' is not known",
        "tree_sizes=\\d+ | tree_sizes=99999999999 | does not fit into 32 bits",
        "tree_sizes=\\d+ | tree_sizes=2000000000 | tree 0: it has 2000000000 bytes",
        "tree_sizes=\\d+ | tree_sizes=-1 | tree 0: it has -1 bytes",
        "tree_sizes=\\d+ | tree_sizes=10 | tree 0: 'num' is no whole line",
        "tree_sizes=(.*) \\d+ \\d+ \\d+\\n | tree_sizes=$1\\n | after 57 trees",
        "tree_sizes=\\d+ | tree_sizes= | there are 59 trees",
        "tree_sizes=.* | tree_size= | is not known here",
        "end of trees | end | after 60 trees there must be",
      })
  @DisplayName("refuses a head that LightGBM would take for something else")
  void refusesHeads(String pattern, String replacement, String message) throws Exception {
    assertRefused(replaced(Models.threeClasses(), pattern, replacement), message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Tree=0 | Tree=1 | tree 0: it does not begin",
        "num_leaves=7\\n | \"\" | num_leaves=...: it is missing",
        "num_leaves=7 | num_leaves=0 | 0 is not from 1",
        "num_leaves=7 | num_leaves=-7 | -7 is not from 1",
        "num_leaves=7 | num_leaves=2000000000 | there are 7 numbers, not 2000000000",
        "num_leaves=7 | num_leaves=7 7 | there are 2 numbers, not 1",
        "leaf_value=\\S+ | leaf_value= | leaf_value=...: there are 6 numbers, not 7",
        "leaf_value=\\S+ | leaf_value=%n%n%s | '%n%n%s' is not a number",
        "leaf_value=\\S+ | leaf_value=0x1p3 | is not a number",
        "leaf_value=\\S+ | leaf_value=1,5 | is not a number",
        "leaf_value=\\S+ | leaf_value=1. | is not a number",
        "leaf_value=\\S+ | leaf_value=1e | is not a number",
        "leaf_value=\\S+ | leaf_value=1e99999999999 | is not a number",
        "left_child=\\S+ | left_child=7 | 7 is not from -7 to 5",
        "left_child=\\S+ | left_child=-8 | -8 is not from -7 to 5",
        "left_child=\\S+ | left_child=0 | 0 cannot be the child of 0",
        "right_child=\\S+ (\\S+) | right_child=$1 $1 | cannot be the child of 1",
        "left_child=(\\S+) | left_child=$1 $1 | there are 7 numbers, not 6",
        "split_feature=\\d | split_feature=5 | 5 is not from 0 to 4",
        "split_feature=\\d | split_feature=-1 | -1 is not from 0 to 4",
        "threshold=\\S+ | threshold= | threshold=...: there are 5 numbers, not 6",
        "decision_type=\\d+ | decision_type=12 | 12 is not from 0 to 11",
        "decision_type=\\d+ | decision_type=1 | is none of the 0 sets of categories",
        "leaf_weight=\\S+ | leaf_weight= | leaf_weight=...: there are 6 numbers",
        "leaf_count=\\S+ | leaf_count=1.5 | '1.5' is not a number",
        "internal_value=\\S+ | internal_value=none | 'none' is not a number",
        "internal_count=\\S+ | internal_count=9999999999 | does not fit into 32 bits",
        "num_cat=0 | num_cat=-1 | -1 is not from 0",
        "num_cat=0 | num_cat=1 | cat_boundaries=...: it is missing",
        "num_cat=0\\n | num_cat=0\\nnum_cat=0\\n | num_cat=... is there twice",
        "is_linear=0 | is_linear=1 | leaf_const=...: it is missing",
        "is_linear=0 | is_linear=2 | 2 is not from 0 to 1",
        "shrinkage=\\S+ | shrinkage | 'shrinkage' is no whole line",
        "shrinkage=\\S+\\n | \\nshrinkage=1\\n | goes on after an empty line",
        "shrinkage= | shrinkaga= | 'shrinkaga' is not known here",
      })
  @DisplayName("refuses a tree that LightGBM's parser would not survive, or not understand")
  void refusesTrees(String pattern, String replacement, String message) throws Exception {
    assertRefused(
        ModelTexts.withSizes(replaced(Models.threeClasses(), pattern, replacement)), message);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "num_cat=[1-9] | num_cat=2000000000 | numbers, not 2000000001",
        "cat_boundaries=0 \\d+ | cat_boundaries=0 2147483647 | numbers, not 2147483647",
        "cat_boundaries=0 | cat_boundaries=9 | 9 is before",
        "cat_boundaries=0 | cat_boundaries=-1 | -1 is not from 0",
        "cat_threshold=\\d+ | cat_threshold=4294967296 | is not from 0 to 4294967295",
        "cat_threshold=\\d+ | cat_threshold=-1 | is not from 0 to 4294967295",
        "cat_threshold=\\d+ | cat_threshold=1 1 | there are 2 numbers, not 1",
      })
  @DisplayName("refuses sets of categories that are not whole")
  void refusesCategories(String pattern, String replacement, String message) throws Exception {
    assertRefused(
        ModelTexts.withSizes(replaced(Models.categorical(), pattern, replacement)), message);
  }

  @Test
  @DisplayName("refuses a split by a set of categories that there is not")
  void refusesOtherSets() throws Exception {
    String text = Models.categorical();
    int tree = text.lastIndexOf("\nTree=", text.indexOf("\nnum_cat=1\n"));
    int threshold = text.indexOf("\nthreshold=", tree) + 1;
    int end = text.indexOf('\n', threshold);
    for (String set : new String[] {"1", "-1", "0.5", "nan", "1e300"}) {
      // The one threshold of this tree that is a set is 0.
      String line = text.substring(threshold, end).replaceFirst("(?<=[ =])0(?= |$)", set);
      assertRefused(
          ModelTexts.withSizes(text.substring(0, threshold) + line + text.substring(end)),
          "is none of the 1 sets of categories");
    }
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "leaf_const=\\S+ | leaf_const= | leaf_const=...: there are 6 numbers, not 7",
        "num_features=\\d | num_features=9 | 9 is not from 0 to 5",
        "num_features=\\d | num_features=-1 | -1 is not from 0 to 5",
        "leaf_features=.* | leaf_features= | leaf_features=...: there are 0 numbers",
        "leaf_features=\\d+ | leaf_features=99999 | 99999 is not from 0 to 4",
        "leaf_coeff=.* | leaf_coeff= | leaf_coeff=...: there are 0 numbers",
        "leaf_coeff=.*\\n | \"\" | leaf_coeff=...: it is missing",
      })
  @DisplayName("refuses linear models that are not whole")
  void refusesLinear(String pattern, String replacement, String message) throws Exception {
    // The second tree: the first one has no linear models.
    String text = Models.linear();
    int second = text.indexOf("\nTree=1\n");
    String changed =
        text.substring(0, second) + replaced(text.substring(second), pattern, replacement);
    assertRefused(ModelTexts.withSizes(changed), message);
  }

  @Test
  @DisplayName("reads models without the lines that older LightGBMs do not write")
  void readsOlder() throws Exception {
    String text =
        Models.binary()
            .replace("version=v4", "version=v2")
            .replaceAll("(is_linear|leaf_weight|internal_weight)=.*\n", "");
    assertThat(checked(ModelTexts.withSizes(text))).contains("version=v2");
  }

  @Test
  @DisplayName("finds the place where a text was cut off, wherever that is")
  void findsCuts() throws Exception {
    String text = Models.binary();
    int end = text.indexOf(END) + END.length();
    for (int place = 0; place < end; place += 7) {
      String cut = text.substring(0, place);
      assertThatIllegalArgumentException().isThrownBy(() -> checked(cut));
    }
    assertThat(checked(text.substring(0, end))).isEqualTo(checked(text));
  }

  private static String replaced(String text, String pattern, String replacement) {
    String changed =
        Pattern.compile(pattern).matcher(text).replaceFirst(replacement.replace("\\n", "\n"));
    assertThat(changed).as(pattern).isNotEqualTo(text);
    return changed;
  }

  private static String lines(String text) {
    return String.join(
        "\n", text.lines().filter(line -> line.matches("leaf_(const|coeff)=.*")).toList());
  }

  private static String checked(String text) {
    return ModelCheck.checked(text, new ModelText(text), false);
  }

  private static void assertRefused(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> checked(text))
        .withMessageContaining(message);
  }
}
