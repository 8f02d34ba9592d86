package io.plumbline.internal;

import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant by a name that does not exist. */
public final class Nearest {

  /**
   * A longer name is not compared: it is not a typing error, and the work grows with its length.
   */
  private static final int MAX_LENGTH = 100;

  private Nearest() {}

  /**
   * Returns the candidate that is the fewest edits away, or null when none is near.
   *
   * @param name what was written; upper and lower case are the same
   * @param candidates what exists; the first of equally near ones wins
   */
  public static @Nullable String match(String name, Iterable<String> candidates) {
    if (name.length() > MAX_LENGTH) {
      return null;
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(name, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return bestDistance <= Math.max(2, name.length() / 4) ? best : null;
  }

  /**
   * Counts the edits between two texts: a character inserted, removed or replaced, or two
   * neighbours exchanged (the optimal string alignment distance).
   */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && same(a.charAt(i - 1), b.charAt(j - 2))
            && same(a.charAt(i - 2), b.charAt(j - 1))) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }

  private static boolean same(char a, char b) {
    return Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
