package io.plumbline.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a longer list.
 *
 * @param items the page's items
 * @param pageToken what to ask the next page with, or null on the last page
 */
public record Page<T>(List<T> items, @Nullable String pageToken) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /** Returns what to ask the next page with, or nothing on the last page. */
  public Optional<String> nextToken() {
    return Optional.ofNullable(pageToken);
  }
}
