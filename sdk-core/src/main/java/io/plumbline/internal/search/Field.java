package io.plumbline.internal.search;

import io.plumbline.model.DatasetInput;
import io.plumbline.model.Run;
import io.plumbline.model.RunTags;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a condition or an order looks at.
 *
 * @param kind where in the run it is
 * @param key the name there; for attributes and datasets the one that MLflow documents
 */
record Field(Kind kind, String key) {
  /** Where in a run a field is. */
  enum Kind {
    METRIC("metrics"),
    PARAM("params"),
    TAG("tags"),
    ATTRIBUTE("attributes"),
    DATASET("datasets");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Whether it is a point in time. */
  boolean time() {
    return kind == Kind.ATTRIBUTE && (key.equals("start_time") || key.equals("end_time"));
  }

  boolean number() {
    return kind == Kind.METRIC || time();
  }

  boolean status() {
    return kind == Kind.ATTRIBUTE && key.equals("status");
  }

  Set<Operator> operators() {
    if (number()) {
      return Operator.OF_NUMBERS;
    }
    return kind == Kind.PARAM || kind == Kind.TAG ? Operator.OF_ENTRIES : Operator.OF_TEXTS;
  }

  /** The text of a param, tag or attribute; null if the run has none. */
  @Nullable String text(Run run) {
    return switch (kind) {
      case PARAM -> run.params().get(key);
      case TAG -> tag(run);
      case ATTRIBUTE ->
          switch (key) {
            case "run_id" -> run.id();
            case "run_name" -> run.name();
            case "user_id" -> run.user();
            case "status" -> run.status().name();
            // Runs know no artifact_uri.
            default -> null;
          };
      case METRIC, DATASET -> throw new IllegalStateException(kind + " has no single text");
    };
  }

  /** MLflow keeps these three also as tags, so filters on them are common. */
  private @Nullable String tag(Run run) {
    String tag = run.tags().get(key);
    if (tag != null) {
      return tag;
    }
    return switch (key) {
      case RunTags.NAME -> nonEmpty(run.name());
      case RunTags.USER -> nonEmpty(run.user());
      case RunTags.PARENT -> run.parentId().orElse(null);
      default -> null;
    };
  }

  /** The text of a dataset input; null if it has none. */
  @Nullable String text(DatasetInput input) {
    return switch (key) {
      case "name" -> input.dataset().name();
      case "digest" -> input.dataset().digest();
      default -> nonEmpty(input.context());
    };
  }

  private static @Nullable String nonEmpty(String text) {
    return text.isEmpty() ? null : text;
  }

  /** The point in time; null if the run has not come there. */
  @Nullable Instant instant(Run run) {
    return key.equals("start_time") ? run.startTime() : run.endTime().orElse(null);
  }

  /** Epoch milliseconds; what lies outside their range counts as its nearest end. */
  static long epochMillis(Instant instant) {
    long seconds = instant.getEpochSecond();
    if (seconds >= Long.MAX_VALUE / 1000) {
      return Long.MAX_VALUE;
    }
    return seconds <= Long.MIN_VALUE / 1000 ? Long.MIN_VALUE : instant.toEpochMilli();
  }

  @Override
  public String toString() {
    return kind == Kind.ATTRIBUTE ? key : kind.word() + "." + key;
  }
}
