package io.plumbline.drift.internal.arrow;

import java.util.Arrays;

/** Where messages are in a file: the offset, the bytes before the body, and those of the body. */
public final class Blocks {
  private long[] values = new long[48];
  private int size;

  public void add(long offset, int metadata, long body) {
    if (size * 3 == values.length) {
      values = Arrays.copyOf(values, values.length * 2);
    }
    values[size * 3] = offset;
    values[size * 3 + 1] = metadata;
    values[size * 3 + 2] = body;
    size++;
  }

  void cut(int newSize) {
    size = newSize;
  }

  public int size() {
    return size;
  }

  public long offset(int i) {
    return values[i * 3];
  }

  public int metadata(int i) {
    return (int) values[i * 3 + 1];
  }

  public long body(int i) {
    return values[i * 3 + 2];
  }
}
