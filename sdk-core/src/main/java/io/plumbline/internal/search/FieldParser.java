package io.plumbline.internal.search;

import io.plumbline.internal.Nearest;
import io.plumbline.internal.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a field: {@code metrics.auc}, {@code params."odd key"}, {@code start_time}. */
final class FieldParser {
  static final List<String> ATTRIBUTES =
      List.of("run_id", "run_name", "user_id", "status", "start_time", "end_time", "artifact_uri");
  private static final List<String> DATASET_KEYS = List.of("name", "digest", "context");

  private static final Map<String, Field.Kind> KINDS = new LinkedHashMap<>();
  private static final Map<String, String> ALIASES =
      Map.of(
          "created", "start_time",
          "Created", "start_time",
          "run name", "run_name",
          "Run name", "run_name",
          "Run Name", "run_name");

  static {
    for (Field.Kind kind : Field.Kind.values()) {
      KINDS.put(kind.word(), kind);
    }
    KINDS.put("metric", Field.Kind.METRIC);
    KINDS.put("param", Field.Kind.PARAM);
    KINDS.put("parameter", Field.Kind.PARAM);
    KINDS.put("parameters", Field.Kind.PARAM);
    KINDS.put("tag", Field.Kind.TAG);
    KINDS.put("attribute", Field.Kind.ATTRIBUTE);
    KINDS.put("attr", Field.Kind.ATTRIBUTE);
    KINDS.put("run", Field.Kind.ATTRIBUTE);
    KINDS.put("dataset", Field.Kind.DATASET);
  }

  private FieldParser() {}

  static Field read(Cursor cursor) {
    int start = cursor.at();
    boolean quoted = cursor.atQuote();
    String name = quoted ? cursor.quoted() : cursor.word(false);
    if (!quoted && (name.isEmpty() || Character.isDigit(name.codePointAt(0)))) {
      cursor.goTo(start);
      throw cursor.mistake(
          "a field is expected, such as metrics.auc, params.depth, tags.team or status, not "
              + cursor.here());
    }
    if (!cursor.take('.')) {
      if (KINDS.containsKey(name)) {
        cursor.goTo(start);
        throw cursor.mistake(
            Printable.quote(name) + " needs a key, such as " + name + "." + example(name));
      }
      return attribute(cursor, start, name);
    }
    Field.Kind kind = KINDS.get(name);
    if (kind == null) {
      cursor.goTo(start);
      throw cursor.mistake(
          "there is no kind of field "
              + Printable.quote(name)
              + suggestion(name, KINDS.keySet())
              + "; accepted are metrics, params, tags, attributes and datasets");
    }
    int keyStart = cursor.at();
    String key = key(cursor);
    return switch (kind) {
      case ATTRIBUTE -> attribute(cursor, keyStart, key);
      case DATASET -> dataset(cursor, keyStart, key);
      case METRIC, PARAM, TAG -> new Field(kind, key);
    };
  }

  private static String example(String kind) {
    return switch (KINDS.getOrDefault(kind, Field.Kind.METRIC)) {
      case METRIC -> "auc";
      case PARAM -> "depth";
      case TAG -> "team";
      case ATTRIBUTE -> "status";
      case DATASET -> "name";
    };
  }

  private static String key(Cursor cursor) {
    if (cursor.atQuote()) {
      return cursor.quoted();
    }
    String key = cursor.word(true);
    // A dash or a slash right here is no operator: it belongs to a key that lacks its quotes.
    if (key.isEmpty() || "-/:@#$+%&*?\\".indexOf(cursor.peek()) >= 0) {
      throw cursor.mistake(
          "a key with other characters than letters, digits, _ and . stands in back-ticks, such as"
              + " metrics.`val/auc`; here is "
              + cursor.here());
    }
    return key;
  }

  private static Field attribute(Cursor cursor, int start, String name) {
    String key = ALIASES.getOrDefault(name, name);
    if (!ATTRIBUTES.contains(key)) {
      cursor.goTo(start);
      throw cursor.mistake(
          "there is no attribute "
              + Printable.quote(name)
              + suggestion(name, ATTRIBUTES)
              + "; accepted are "
              + String.join(", ", ATTRIBUTES)
              + ", and metrics., params., tags. and datasets. with a key");
    }
    return new Field(Field.Kind.ATTRIBUTE, key);
  }

  private static Field dataset(Cursor cursor, int start, String key) {
    if (!DATASET_KEYS.contains(key)) {
      cursor.goTo(start);
      throw cursor.mistake(
          "datasets have no "
              + Printable.quote(key)
              + suggestion(key, DATASET_KEYS)
              + "; accepted are "
              + String.join(", ", DATASET_KEYS));
    }
    return new Field(Field.Kind.DATASET, key);
  }

  private static String suggestion(String name, Iterable<String> candidates) {
    String nearest = Nearest.match(name, candidates);
    return nearest == null ? "" : " (did you mean '" + nearest + "'?)";
  }
}
