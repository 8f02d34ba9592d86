package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.internal.arrow.Body.Slice;
import io.plumbline.drift.internal.arrow.Layout.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes the values of some rows of a column out of a batch. Every place is checked before use. */
final class Cells {
  private static final double DAY_IN_MICROS = 86_400e6;

  private final Batch batch;
  private final Batch.Place place;
  private final Layout layout;
  private final int from;
  private final int rows;

  /**
   * @param from the first row, a multiple of 8
   */
  Cells(Batch batch, Batch.Place place, int from, int rows) {
    this.batch = batch;
    this.place = place;
    this.layout = place.layout();
    this.from = from;
    this.rows = rows;
  }

  private Slice values(int width) throws IOException {
    return batch.body().slice(place.buffer() + 1, (long) from * width, (long) rows * width);
  }

  /** Whether each row has a value; null if all have. */
  boolean @Nullable [] validity() throws IOException {
    if (layout.kind() == Kind.NULL) {
      return new boolean[rows];
    }
    if (place.nulls() == 0 || layout.buffers() == 0) {
      return null;
    }
    return bits(batch.body().slice(place.buffer(), from >> 3, rows + 7 >> 3));
  }

  private boolean[] bits(Slice slice) {
    boolean[] bits = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      bits[i] = (slice.bytes()[slice.start() + (i >> 3)] >> (i & 7) & 1) != 0;
    }
    return bits;
  }

  double[] doubles() throws IOException {
    double[] out = new double[rows];
    switch (layout.kind()) {
      case NULL -> {}
      case FLOAT -> {
        Slice slice = values(layout.width());
        for (int i = 0; i < rows; i++) {
          out[i] =
              layout.width() == 8
                  ? (double) Bytes.DOUBLES.get(slice.bytes(), slice.start() + 8 * i)
                  : (float) Bytes.FLOATS.get(slice.bytes(), slice.start() + 4 * i);
        }
      }
      default -> {
        long[] longs = longs();
        boolean unsigned = layout.kind() == Kind.INTEGER && !layout.signed();
        for (int i = 0; i < rows; i++) {
          out[i] = unsigned && longs[i] < 0 ? longs[i] + 0x1p64 : longs[i];
        }
      }
    }
    boolean[] validity = validity();
    for (int i = 0; validity != null && i < rows; i++) {
      if (!validity[i]) {
        out[i] = Double.NaN;
      }
    }
    return out;
  }

  /** Integers as they are, booleans as 0 and 1, times in microseconds; 0 for what is missing. */
  long[] longs() throws IOException {
    long[] out = new long[rows];
    switch (layout.kind()) {
      case NULL -> {}
      case BOOLEAN -> {
        boolean[] bits = bits(batch.body().slice(place.buffer() + 1, from >> 3, rows + 7 >> 3));
        for (int i = 0; i < rows; i++) {
          out[i] = bits[i] ? 1 : 0;
        }
      }
      case INTEGER, TIMESTAMP, DATE -> {
        Slice slice = values(layout.width());
        for (int i = 0; i < rows; i++) {
          out[i] = integer(slice, i);
        }
        scale(out);
      }
      default -> throw new IllegalArgumentException("no integers: " + layout.kind());
    }
    boolean[] validity = validity();
    for (int i = 0; validity != null && i < rows; i++) {
      if (!validity[i]) {
        out[i] = 0;
      }
    }
    return out;
  }

  private long integer(Slice slice, int i) {
    int at = slice.start() + layout.width() * i;
    return switch (layout.width()) {
      case 1 -> layout.signed() ? slice.bytes()[at] : slice.bytes()[at] & 0xff;
      case 2 -> {
        short value = (short) Bytes.SHORTS.get(slice.bytes(), at);
        yield layout.signed() ? value : value & 0xffff;
      }
      case 4 -> {
        int value = (int) Bytes.INTS.get(slice.bytes(), at);
        yield layout.signed() ? value : value & 0xffffffffL;
      }
      default -> (long) Bytes.LONGS.get(slice.bytes(), at);
    };
  }

  /** Makes microseconds of times; what does not fit becomes the nearest that does. */
  private void scale(long[] values) {
    long unit =
        layout.kind() == Kind.DATE
            ? (long) DAY_IN_MICROS
            : layout.kind() == Kind.TIMESTAMP && layout.perSecond() < 1_000_000
                ? 1_000_000 / layout.perSecond()
                : 1;
    long divisor = layout.perSecond() == 1_000_000_000 ? 1_000 : 1;
    for (int i = 0; i < rows && (unit != 1 || divisor != 1); i++) {
      double wide = (double) values[i] * unit;
      values[i] =
          Math.abs(wide) > 0x1p62
              ? wide < 0 ? Long.MIN_VALUE : Long.MAX_VALUE
              : Math.floorDiv(values[i] * unit, divisor);
    }
  }

  float[] embeddings() throws IOException {
    Batch.Place items = place.child();
    int size = layout.width();
    if (items == null || (long) rows * size > Integer.MAX_VALUE - 64) {
      throw new Damage("an embedding has no items, or too many");
    }
    int width = items.layout().width();
    Slice slice =
        batch
            .body()
            .slice(items.buffer() + 1, (long) from * size * width, (long) rows * size * width);
    float[] out = new float[rows * size];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          width == 4
              ? (float) Bytes.FLOATS.get(slice.bytes(), slice.start() + 4 * i)
              : (float) (double) Bytes.DOUBLES.get(slice.bytes(), slice.start() + 8 * i);
    }
    boolean[] validity = validity();
    for (int i = 0; validity != null && i < rows; i++) {
      if (!validity[i]) {
        Arrays.fill(out, i * size, (i + 1) * size, Float.NaN);
      }
    }
    return out;
  }

  /** Texts; null for what is missing. */
  @Nullable String[] texts() throws IOException {
    @Nullable String[] out = new String[rows];
    boolean[] validity = validity();
    switch (layout.kind()) {
      case NULL -> {}
      case TEXT -> plainTexts(out, validity, 4);
      case LARGE_TEXT -> plainTexts(out, validity, 8);
      case TEXT_VIEW -> viewedTexts(out, validity);
      default -> throw new IllegalArgumentException("no texts: " + layout.kind());
    }
    return out;
  }

  private void plainTexts(@Nullable String[] out, boolean @Nullable [] validity, int width)
      throws IOException {
    if (rows == 0) {
      return;
    }
    Slice offsets =
        batch.body().slice(place.buffer() + 1, (long) from * width, (long) (rows + 1) * width);
    long first = offset(offsets, 0, width);
    long last = offset(offsets, rows, width);
    if (first < 0 || last < first) {
      throw new Damage("the texts of a column lie outside of their buffer");
    }
    Slice data = batch.body().slice(place.buffer() + 2, first, last - first);
    long start = first;
    for (int i = 0; i < rows; i++) {
      long end = offset(offsets, i + 1, width);
      if (end < start || end > last) {
        throw new Damage("the texts of a column lie outside of their buffer");
      }
      if (validity == null || validity[i]) {
        out[i] = text(data, (int) (start - first), (int) (end - start));
      }
      start = end;
    }
  }

  private static long offset(Slice offsets, int i, int width) {
    return width == 4
        ? (int) Bytes.INTS.get(offsets.bytes(), offsets.start() + 4 * i)
        : (long) Bytes.LONGS.get(offsets.bytes(), offsets.start() + 8 * i);
  }

  private static String text(Slice data, int from, int length) {
    return new String(data.bytes(), data.start() + from, length, StandardCharsets.UTF_8);
  }

  /** Short texts stand in the view itself; of others it says in which buffer, and where. */
  private void viewedTexts(@Nullable String[] out, boolean @Nullable [] validity)
      throws IOException {
    Slice views = values(16);
    // Views may overlap: without a bound, a small file could make texts without end.
    long left = 4 * batch.body().length() + (1 << 20);
    for (int i = 0; i < rows; i++) {
      if (validity != null && !validity[i]) {
        continue;
      }
      int at = views.start() + 16 * i;
      int length = (int) Bytes.INTS.get(views.bytes(), at);
      if (length < 0) {
        throw new Damage("a text has a negative length");
      }
      if (length <= 12) {
        out[i] = new String(views.bytes(), at + 4, length, StandardCharsets.UTF_8);
        continue;
      }
      int buffer = (int) Bytes.INTS.get(views.bytes(), at + 8);
      int offset = (int) Bytes.INTS.get(views.bytes(), at + 12);
      left -= length;
      if (buffer < 0 || buffer >= place.views() || left < 0) {
        throw new Damage("the texts of a column lie outside of their buffers");
      }
      out[i] = text(batch.body().slice(place.buffer() + 2 + buffer, offset, length), 0, length);
    }
  }
}
