package io.plumbline.mlflow;

import io.plumbline.TransportException;
import io.plumbline.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The pages of one answer, which must come to an end. Not for several threads. */
final class Pages {
  /** Some servers filter what they have read, and answer pages without an entry. */
  private static final int MOST_EMPTY = 100;

  private final String of;
  private final long most;
  private @Nullable String following;
  private long entries;
  private int empty;

  /**
   * Begins with the first page.
   *
   * @param of what is read, for error texts
   * @param most more entries than these are no honest answer; they are in memory together
   */
  Pages(String of, long most) {
    this.of = of;
    this.most = most;
  }

  /** Returns what to ask the page with; null for the first one. */
  @Nullable String token() {
    return following;
  }

  /**
   * Takes note of a page.
   *
   * @param size its number of entries
   * @return whether there is a page after it
   * @throws TransportException if the pages have no end
   */
  boolean next(JsonObject page, int size) {
    String next = page.stringOrEmpty("next_page_token");
    entries += size;
    empty = size == 0 ? empty + 1 : 0;
    if (next.isEmpty()) {
      return false;
    }
    if (next.equals(following)) {
      throw new TransportException(of + ": the server repeats a page");
    }
    if (entries > most || empty > MOST_EMPTY) {
      throw new TransportException(
          of
              + ": the server's pages have no end ("
              + (empty > MOST_EMPTY ? MOST_EMPTY + " without an entry" : entries + " entries")
              + ")");
    }
    following = next;
    return true;
  }
}
