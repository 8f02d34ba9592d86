package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one column's part of a profile in one pass over its values: the first ones are kept, choose
 * the frame, and are counted; all others are counted as they come. Chunks of the rows are counted
 * apart, too: never more than twenty, each twice as long when there would be more.
 */
public final class Collector implements Values {
  private static final int CHUNKS = 10;

  /**
   * What a column gives to a profile.
   *
   * @param chunks counts of 10 to 20 chunks of the rows, or none if there are too few rows
   * @param chunkRows how many rows a chunk has
   * @param distinct how many different values, -1 if unknown
   */
  public record Collected(
      ColumnFrame frame, Counts counts, List<Counts> chunks, long chunkRows, long distinct) {}

  private final int firstRows;
  private final int leastChunk;
  private @Nullable FirstPart first;
  private @Nullable Tally total;
  private @Nullable Tally chunk;
  private @Nullable UnlistedTexts unlisted;
  private List<Counts> chunks = new ArrayList<>();
  private long chunkRows;
  private long inChunk;
  private long rows;
  private long distinct;

  /**
   * Starts a column.
   *
   * @param kind null for texts that decide it themselves
   * @param firstRows how many rows are kept at most
   * @param leastChunk chunks of fewer rows are not made
   */
  public Collector(
      String name, ColumnRole role, @Nullable ColumnKind kind, int firstRows, int leastChunk) {
    this.firstRows = firstRows;
    this.leastChunk = leastChunk;
    this.first =
        kind != null && kind.binned()
            ? new NumberPart(name, role, kind)
            : new TextPart(name, role, kind);
  }

  /** How many values came. */
  public long rows() {
    return rows;
  }

  /** Takes a number. */
  @Override
  public void number(double value) {
    if (first != null) {
      first.number(value);
    } else {
      tally().number(value);
      chunk().number(value);
      unlisted().add(value);
    }
    counted();
  }

  /** Takes a text. */
  @Override
  public void text(CharSequence text) {
    if (first != null) {
      first.text(text.toString());
    } else {
      tally().text(text);
      chunk().text(text);
      unlisted().add(text);
    }
    counted();
  }

  /** Takes a truth value. */
  @Override
  public void flag(boolean value) {
    if (first != null) {
      first.flag(value);
    } else {
      tally().flag(value);
      chunk().flag(value);
      unlisted().add(String.valueOf(value));
    }
    counted();
  }

  /** Takes a row without a value. */
  @Override
  public void missing() {
    if (first != null) {
      first.missing();
    } else {
      tally().missing();
      chunk().missing();
    }
    counted();
  }

  /** Ends the column. */
  public Collected finish() {
    freeze();
    if (inChunk * 2 >= chunkRows) {
      chunks.add(chunk().known());
    }
    List<Counts> made = chunkRows < leastChunk ? List.of() : List.copyOf(chunks);
    boolean more = unlisted().grew();
    ColumnFrame frame = unlisted().frame();
    return new Collected(frame, tally().known(), made, chunkRows, more ? -1 : distinct);
  }

  private void counted() {
    rows++;
    FirstPart part = first;
    if (part == null) {
      endChunk();
    } else if (part.size() == firstRows) {
      freeze();
    }
  }

  private void freeze() {
    FirstPart part = first;
    if (part == null) {
      return;
    }
    ColumnFrame frame = part.frame();
    distinct = part.distinct();
    first = null;
    unlisted = new UnlistedTexts(frame, part.unlisted());
    total = new Tally(frame);
    chunk = new Tally(frame);
    chunkRows = Math.max(1, (part.size() + CHUNKS - 1) / CHUNKS);
    for (int row = 0; row < part.size(); row++) {
      part.replay(row, tally());
      part.replay(row, chunk());
      endChunk();
    }
  }

  private void endChunk() {
    if (++inChunk < chunkRows) {
      return;
    }
    inChunk = 0;
    chunks.add(chunk().known());
    chunk().reset();
    if (chunks.size() == 2 * CHUNKS) {
      List<Counts> halved = new ArrayList<>();
      for (int i = 0; i < chunks.size(); i += 2) {
        halved.add(chunks.get(i).merge(chunks.get(i + 1)));
      }
      chunks = halved;
      chunkRows *= 2;
    }
  }

  private UnlistedTexts unlisted() {
    UnlistedTexts texts = unlisted;
    if (texts == null) {
      throw new IllegalStateException("the frame is not chosen yet");
    }
    return texts;
  }

  private Tally tally() {
    Tally tally = total;
    if (tally == null) {
      throw new IllegalStateException("the frame is not chosen yet");
    }
    return tally;
  }

  private Tally chunk() {
    Tally tally = chunk;
    if (tally == null) {
      throw new IllegalStateException("the frame is not chosen yet");
    }
    return tally;
  }
}
