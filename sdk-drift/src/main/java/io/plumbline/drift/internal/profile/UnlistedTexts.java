package io.plumbline.drift.internal.profile;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The texts of a reference that its frame does not list, while they are few enough. */
final class UnlistedTexts {
  private final ColumnFrame frame;
  private @Nullable Set<String> texts;
  private boolean grew;

  /**
   * Starts with those of the first rows.
   *
   * @param first null if they are too many already
   */
  UnlistedTexts(ColumnFrame frame, @Nullable Set<String> first) {
    this.frame = frame;
    this.texts = first == null || first.size() > KnownTexts.MOST ? null : new HashSet<>(first);
  }

  /** Takes note of the text of a number, in a column of categories. */
  void add(double value) {
    if (frame.kind().categorical() && Double.isFinite(value)) {
      add(Texts.ofNumber(value));
    }
  }

  /** Whether there are more than those of the first rows. */
  boolean grew() {
    return grew;
  }

  /** Takes note of a text, if the frame does not list it. */
  void add(CharSequence text) {
    Set<String> all = texts;
    if (all == null || !frame.kind().categorical() || frame.code(text) >= 0) {
      return;
    }
    if (all.add(Texts.normal(text))) {
      grew = true;
      texts = all.size() > KnownTexts.MOST ? null : all;
    }
  }

  /** The frame that knows them all, or knows that it does not. */
  ColumnFrame frame() {
    Set<String> all = texts;
    if (!frame.kind().categorical() || (all != null && all.isEmpty())) {
      return frame;
    }
    return frame.incomplete(all == null ? null : KnownTexts.of(all));
  }
}
