package io.plumbline.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a new version may have besides its model. Immutable.
 *
 * @param description what people are to know about it; may be empty
 * @param tags tags to start with
 * @param parents what the model was made from, such as the version that it fine-tunes: references
 *     or digests
 */
public record RegisterOptions(String description, Map<String, String> tags, List<String> parents) {
  private static final RegisterOptions NONE = new RegisterOptions("", Map.of(), List.of());

  /** Copies the collections. */
  public RegisterOptions {
    Objects.requireNonNull(description, "description");
    tags = Map.copyOf(tags);
    parents = List.copyOf(parents);
  }

  /** No description, no tags, no parents. */
  public static RegisterOptions none() {
    return NONE;
  }

  /** Options with a description. */
  public static RegisterOptions described(String description) {
    return new RegisterOptions(description, Map.of(), List.of());
  }

  /** The same options with a tag more. */
  public RegisterOptions tag(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(key, value);
    return new RegisterOptions(description, more, parents);
  }

  /** The same options with a parent more. */
  public RegisterOptions parent(String reference) {
    List<String> more = new ArrayList<>(parents);
    more.add(reference);
    return new RegisterOptions(description, tags, more);
  }
}
