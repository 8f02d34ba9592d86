package io.plumbline.model;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which registered models are asked for, in the order of their names.
 *
 * @param nameContains a part of the name, in whatever case; empty for all
 * @param tags tags that a model has, with these values
 * @param deleted whether deleted models are listed too
 * @param maxResults the size of a page, from 1 to 1,000
 * @param pageToken from the page before; null for the first
 */
public record ModelQuery(
    String nameContains,
    Map<String, String> tags,
    boolean deleted,
    int maxResults,
    @Nullable String pageToken) {
  /** All models that are not deleted, a hundred a page. */
  public static final ModelQuery ALL = new ModelQuery("", Map.of(), false, 100, null);

  /** Checks the values. */
  public ModelQuery {
    Objects.requireNonNull(nameContains, "nameContains");
    tags = Map.copyOf(tags);
    if (maxResults < 1 || maxResults > 1_000) {
      throw new IllegalArgumentException(
          "maxResults is " + maxResults + "; a page has 1 to 1,000 models");
    }
  }

  /** Models whose name contains a text. */
  public static ModelQuery named(String part) {
    return new ModelQuery(part, Map.of(), false, 100, null);
  }

  /** The same query, for models that have a tag besides. */
  public ModelQuery tag(String key, String value) {
    Map<String, String> more = new java.util.LinkedHashMap<>(tags);
    more.put(key, value);
    return new ModelQuery(nameContains, more, deleted, maxResults, pageToken);
  }

  /** The same query, deleted models included. */
  public ModelQuery withDeleted() {
    return new ModelQuery(nameContains, tags, true, maxResults, pageToken);
  }

  /** The same query, with other pages. */
  public ModelQuery page(int size, @Nullable String token) {
    return new ModelQuery(nameContains, tags, deleted, size, token);
  }

  /** Returns whether a model is asked for, whatever the page. */
  public boolean matches(RegisteredModel model) {
    return (deleted || !model.deleted())
        && model.name().toLowerCase(Locale.ROOT).contains(nameContains.toLowerCase(Locale.ROOT))
        && model.tags().entrySet().containsAll(tags.entrySet());
  }
}
