package io.plumbline.internal.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A LIKE pattern of SQL: {@code %} stands for any text, {@code _} for any one code point,
 * everything else for itself; there is no escape.
 *
 * <p>The parts between the {@code %} are found one after the other, each at the first place that
 * fits, so nothing is ever tried twice: the time is linear in the text's length (Knuth, Morris and
 * Pratt). Only a part that has a {@code _} inside and is not at an end of the pattern may cost its
 * own length times the text's. Matching allocates nothing.
 */
final class LikePattern {
  private static final int ANY = -1;

  private final boolean ignoreCase;

  /** The parts between the {@code %}; a single one if there is none. */
  private final List<Part> parts;

  /**
   * One part.
   *
   * @param points its code points, {@link #ANY} for an underscore
   * @param borders for each prefix the length of its longest border; null where there is an
   *     underscore, because borders need equality
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Part(int[] points, int @Nullable [] borders) {}

  private LikePattern(List<Part> parts, boolean ignoreCase) {
    this.parts = parts;
    this.ignoreCase = ignoreCase;
  }

  /**
   * Compiles a pattern.
   *
   * @param ignoreCase whether upper and lower case are the same, for all letters of Unicode that
   *     fold to one code point
   */
  static LikePattern of(String pattern, boolean ignoreCase) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    for (int to; (to = pattern.indexOf('%', from)) >= 0; from = to + 1) {
      // Of several % in a row, one is enough.
      if (to > from || parts.isEmpty()) {
        parts.add(part(pattern.substring(from, to), ignoreCase));
      }
    }
    parts.add(part(pattern.substring(from), ignoreCase));
    return new LikePattern(parts, ignoreCase);
  }

  private static Part part(String text, boolean ignoreCase) {
    int[] points = text.codePoints().map(c -> c == '_' ? ANY : fold(c, ignoreCase)).toArray();
    return new Part(points, text.indexOf('_') >= 0 ? null : borders(points));
  }

  private static int[] borders(int[] points) {
    int[] borders = new int[points.length];
    int matched = 0;
    for (int i = 1; i < points.length; i++) {
      while (matched > 0 && points[i] != points[matched]) {
        matched = borders[matched - 1];
      }
      if (points[i] == points[matched]) {
        matched++;
      }
      borders[i] = matched;
    }
    return borders;
  }

  private static int fold(int c, boolean ignoreCase) {
    return ignoreCase ? Character.toLowerCase(Character.toUpperCase(c)) : c;
  }

  boolean matches(String text) {
    int last = parts.size() - 1;
    int from = after(parts.get(0).points(), text, 0, text.length());
    if (last == 0 || from < 0) {
      return from == text.length();
    }
    int to = before(parts.get(last).points(), text, from);
    for (int i = 1; i < last && to >= 0 && from >= 0; i++) {
      from = find(parts.get(i), text, from, to);
    }
    return from >= 0 && to >= 0;
  }

  /** Where the text goes on after the points that stand at {@code from}, or -1. */
  private int after(int[] points, String text, int from, int limit) {
    int at = from;
    for (int point : points) {
      if (at >= limit) {
        return -1;
      }
      int c = text.codePointAt(at);
      if (point != ANY && point != fold(c, ignoreCase)) {
        return -1;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  /** Where the points begin that end the text, not before {@code limit}, or -1. */
  private int before(int[] points, String text, int limit) {
    int at = text.length();
    for (int i = points.length - 1; i >= 0; i--) {
      if (at <= limit) {
        return -1;
      }
      int c = text.codePointBefore(at);
      if (points[i] != ANY && points[i] != fold(c, ignoreCase)) {
        return -1;
      }
      at -= Character.charCount(c);
    }
    return at;
  }

  /** Where the text goes on after the first place that fits, or -1. */
  private int find(Part part, String text, int from, int to) {
    int[] points = part.points();
    int[] borders = part.borders();
    if (borders == null) {
      return findStepwise(points, text, from, to);
    }
    int matched = 0;
    for (int at = from; at < to; ) {
      int read = text.codePointAt(at);
      int c = fold(read, ignoreCase);
      while (matched > 0 && points[matched] != c) {
        matched = borders[matched - 1];
      }
      if (points[matched] == c) {
        matched++;
      }
      at += Character.charCount(read);
      if (matched == points.length) {
        return at;
      }
    }
    return -1;
  }

  private int findStepwise(int[] points, String text, int from, int to) {
    for (int at = from; at < to; at += Character.charCount(text.codePointAt(at))) {
      int end = after(points, text, at, to);
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }
}
