package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The first rows of a column of texts. */
final class TextPart implements FirstPart {
  /** How many categories a profile lists. */
  static final int LISTED = 200;

  // Beyond this many different texts, memory is bounded by leaving the others without a name.
  private static final int MOST_TEXTS = 1 << 17;
  private static final int UNNAMED = -1;
  private static final int ABSENT = -2;

  // Texts are categories if they are few, or if rows share them.
  private static final int FEW = 1000;
  private static final int WORDS = 40;
  private static final double[] NONE = new double[0];

  private final String name;
  private final ColumnRole role;
  private final @Nullable ColumnKind declared;
  private final Map<String, Integer> codes = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private long[] perText = new long[16];
  private int[] rows = new int[64];
  private int[] lengths = new int[64];
  private int size;
  private long unnamed;
  private ColumnFrame frame;

  /** Keeps rows; without a declared kind, the texts decide it. */
  TextPart(String name, ColumnRole role, @Nullable ColumnKind declared) {
    this.name = name;
    this.role = role;
    this.declared = declared;
    this.frame =
        new ColumnFrame(name, role, ColumnKind.ID, NONE, new int[0], NONE, List.of(), true);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void number(double value) {
    if (Double.isNaN(value)) {
      missing();
    } else {
      text(Texts.ofNumber(value));
    }
  }

  @Override
  public void flag(boolean value) {
    text(String.valueOf(value));
  }

  @Override
  public void text(String text) {
    int code = code(Texts.odd(text) ? Texts.normal(text) : text);
    if (code == UNNAMED) {
      unnamed++;
    } else {
      perText[code]++;
    }
    add(code, text.length());
  }

  @Override
  public void missing() {
    add(ABSENT, 0);
  }

  private void add(int code, int length) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
    }
    rows[size] = code;
    lengths[size++] = length;
  }

  private int code(String text) {
    Integer known = codes.get(text);
    if (known != null) {
      return known;
    }
    if (texts.size() == MOST_TEXTS) {
      return UNNAMED;
    }
    int code = texts.size();
    if (code == perText.length) {
      perText = Arrays.copyOf(perText, 2 * code);
    }
    codes.put(text, code);
    texts.add(text);
    return code;
  }

  @Override
  public ColumnFrame frame() {
    ColumnKind kind = declared == null ? kind() : declared;
    if (kind == ColumnKind.TEXT) {
      NumberPart part = new NumberPart(name, role, kind);
      for (int row = 0; row < size; row++) {
        if (rows[row] != ABSENT) {
          part.number(lengths[row]);
        }
      }
      frame = part.frame();
    } else if (kind.categorical()) {
      List<String> listed = kind == ColumnKind.BOOLEAN ? List.of("false", "true") : listed();
      boolean complete = kind == ColumnKind.BOOLEAN || (texts.size() <= LISTED && unnamed == 0);
      frame = new ColumnFrame(name, role, kind, NONE, new int[0], NONE, listed, complete);
    }
    return frame;
  }

  @Override
  public @Nullable Set<String> unlisted() {
    if (!frame.kind().categorical()) {
      return Set.of();
    }
    if (unnamed > 0 || texts.size() > LISTED + KnownTexts.MOST) {
      return null;
    }
    Set<String> unlisted = new HashSet<>(texts);
    frame.categories().forEach(unlisted::remove);
    return unlisted;
  }

  private ColumnKind kind() {
    long present = unnamed + Arrays.stream(perText).sum();
    long different = texts.size() + unnamed;
    if (different <= FEW || different <= present / 2) {
      return ColumnKind.CATEGORY;
    }
    double letters = Arrays.stream(lengths, 0, size).asLongStream().sum();
    return letters / present > WORDS ? ColumnKind.TEXT : ColumnKind.ID;
  }

  /** The most frequent texts, ties in their own order. */
  private List<String> listed() {
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(code -> -perText[code]).thenComparing(texts::get);
    return IntStream.range(0, texts.size())
        .boxed()
        .sorted(order)
        .limit(LISTED)
        .map(texts::get)
        .toList();
  }

  @Override
  public void replay(int row, Tally tally) {
    int code = rows[row];
    if (code == ABSENT) {
      tally.missing();
    } else if (frame.kind() == ColumnKind.TEXT) {
      tally.number(lengths[row]);
    } else if (code == UNNAMED) {
      tally.code(frame.other());
    } else {
      tally.text(texts.get(code));
    }
  }

  @Override
  public long distinct() {
    return unnamed == 0 ? texts.size() : -1;
  }
}
