package io.plumbline.mlflow;

import io.plumbline.ServerException;
import io.plumbline.internal.Printable;
import io.plumbline.model.DatasetInput;
import io.plumbline.spi.RunUpdate;
import java.util.Map;

/**
 * What MLflow takes, checked before anything is sent: longer values it would cut without a word,
 * and one bad key would be answered for a whole batch. Lengths are in code points, as the server
 * counts them.
 */
final class Limits {
  private static final int KEY = 250;
  private static final int PARAM = 6_000;
  private static final int TAG = 8_000;
  private static final int DATASET_NAME = 500;
  private static final int DATASET_DIGEST = 36;
  private static final int DATASET_SOURCE = 65_535;
  private static final int DATASET_SCHEMA = 1_048_575;
  private static final int DATASET_PROFILE = 16_777_215;
  private static final int INPUT_TAG_KEY = 255;
  private static final int INPUT_TAG_VALUE = 500;

  private Limits() {}

  /**
   * Checks an update of a run.
   *
   * @throws ServerException.InvalidRequest that names the key and the limit
   */
  static void check(RunUpdate update) {
    if (update instanceof RunUpdate.LogMetric metric) {
      key("metric", metric.key());
    } else if (update instanceof RunUpdate.LogParam param) {
      key("param", param.key());
      length("the value of param", param.key(), param.value(), PARAM);
    } else if (update instanceof RunUpdate.SetTag tag) {
      tag(tag.key(), tag.value());
    } else if (update instanceof RunUpdate.DeleteTag tag) {
      key("tag", tag.key());
    } else if (update instanceof RunUpdate.LogInput input) {
      input(input.input());
    }
  }

  /** Checks the tags of a run. */
  static void tags(Map<String, String> tags) {
    tags.forEach(Limits::tag);
  }

  private static void tag(String key, String value) {
    key("tag", key);
    length("the value of tag", key, value, TAG);
  }

  /** Checks the key of a metric, a param or a tag of anything. */
  static void key(String what, String key) {
    length("the key of a " + what + ",", key, key, KEY);
    if (key.isEmpty()) {
      throw refused("the key of a " + what + " is empty");
    }
    if (!key.codePoints().allMatch(Limits::isOfKey)) {
      throw refused(
          "the "
              + what
              + " key "
              + Printable.quote(key)
              + " has characters that MLflow does not take: letters, digits, '_', '-', '.', ':', '/'"
              + " and blanks are taken");
    }
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw refused(
            "the "
                + what
                + " key "
                + Printable.quote(key)
                + " is no path that MLflow takes: it has an empty part, '.' or '..'");
      }
    }
  }

  private static boolean isOfKey(int c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER
        || "/_-. :".indexOf(c) >= 0;
  }

  private static void input(DatasetInput input) {
    String name = input.dataset().name();
    length("the name of dataset", name, name, DATASET_NAME);
    length("the digest of dataset", name, input.dataset().digest(), DATASET_DIGEST);
    length("the source of dataset", name, input.dataset().source(), DATASET_SOURCE);
    length("the schema of dataset", name, input.dataset().schema(), DATASET_SCHEMA);
    length("the profile of dataset", name, input.dataset().profile(), DATASET_PROFILE);
    length("the context of dataset", name, input.context(), INPUT_TAG_VALUE);
    input
        .tags()
        .forEach(
            (key, value) -> {
              length("the key of an input's tag,", key, key, INPUT_TAG_KEY);
              length("the value of the input's tag", key, value, INPUT_TAG_VALUE);
            });
  }

  private static void length(String what, String key, String text, int most) {
    // Most texts are short enough however they are counted.
    if (text.length() > most && text.codePointCount(0, text.length()) > most) {
      throw refused(
          what
              + " "
              + Printable.quote(Printable.start(key, 100))
              + " has "
              + text.codePointCount(0, text.length())
              + " characters; MLflow takes "
              + most);
    }
  }

  private static ServerException.InvalidRequest refused(String why) {
    return new ServerException.InvalidRequest(0, why);
  }
}
