package io.plumbline.serving.internal.capture;

import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.log.LogColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a column's texts are in the log and in the profile: looked up once for each text, and then
 * found without making a string. It remembers so many texts; of a column that has more, the others
 * are looked up each time. For one thread.
 */
final class TextCodes {
  private static final int MOST = 4_096;
  private static final int SLOTS = 2 * MOST;

  /** Longer texts are hardly categories. */
  private static final int LONGEST = 64;

  private final Map<String, Integer> known = new HashMap<>();
  private final @Nullable ProfileCounter counter;
  private final int column;

  /** Texts come from requests: nobody must be able to choose many with one hash. */
  private final long seed = ThreadLocalRandom.current().nextLong() | 1;

  // Plain arrays, in which a text is found with the fewest looks at far memory.
  private final short[] slots = new short[SLOTS];
  private final int[] starts = new int[MOST + 2];
  private final int[] logged = new int[MOST + 1];
  private final int[] counted = new int[MOST + 1];
  private char[] texts = new char[256];
  private int size;

  /**
   * Codes of a column.
   *
   * @param logged the log's column; null if it is not logged as it is
   * @param counter null if it is not counted by category
   * @param name the column's name in the profile
   */
  TextCodes(@Nullable LogColumn logged, @Nullable ProfileCounter counter, String name) {
    List<String> categories = logged == null ? List.of() : logged.categories();
    for (int code = 0; code < categories.size(); code++) {
      known.put(categories.get(code), code);
    }
    this.counter = counter;
    this.column = counter == null ? -1 : counter.column(name);
  }

  /** Finds a text; the result is for {@link #logged} and {@link #counted}, until the next text. */
  int find(SlotText text) {
    int slot = text.hash(seed) & SLOTS - 1;
    for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
      if (text.is(texts, starts[entry], starts[entry + 1])) {
        return entry;
      }
      slot = slot + 1 & SLOTS - 1;
    }
    int entry = 0; // of a text that is not remembered
    if (size < MOST && text.length() <= LONGEST) {
      entry = ++size;
      slots[slot] = (short) entry;
      keep(text, entry);
    }
    String value = text.toString();
    logged[entry] = known.getOrDefault(value, -1);
    counted[entry] = counter == null ? -1 : counter.categoryCode(column, value);
    return entry;
  }

  private void keep(SlotText text, int entry) {
    int start = starts[entry];
    int end = start + text.length();
    if (end > texts.length) {
      texts = Arrays.copyOf(texts, Math.max(end, 2 * texts.length));
    }
    System.arraycopy(text.array(), text.from(), texts, start, text.length());
    starts[entry + 1] = end;
  }

  /** The text's code in the log; -1 if it is not one of the known categories. */
  int logged(int found) {
    return logged[found];
  }

  /** The text's code in the profile; -1 if it is new. */
  int counted(int found) {
    return counted[found];
  }
}
