package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The values of a dictionary column, each with the code of its first appearance. Finding a value
 * allocates nothing; a new one is kept as it is.
 */
final class Dictionary {
  /** Values come from requests: nobody must be able to choose many with one hash. */
  private final long seed = ThreadLocalRandom.current().nextLong() | 1;

  private final int known;
  private byte[] bytes = new byte[256];
  private int[] offsets = new int[17];
  private int size;
  private int[] table = new int[32];
  private byte[] scratch = new byte[256];

  /** A dictionary that begins with these. */
  Dictionary(List<String> values) {
    for (String value : values) {
      code(value);
    }
    known = size;
  }

  int size() {
    return size;
  }

  /** The bytes of all values together. */
  int byteSize() {
    return offsets[size];
  }

  /** Forgets all but the values that were known from the start. */
  void forget() {
    if (size > known) {
      size = known;
      Arrays.fill(table, 0);
      for (int code = 0; code < size; code++) {
        table[freeSlot(hash(bytes, offsets[code], offsets[code + 1]))] = code + 1;
      }
    }
  }

  /** The code of a value, which is added if it is new. */
  int code(CharSequence value) {
    return find(value, true);
  }

  /** The code of a value, which is added if it is new. */
  int code(char[] chars, int from, int length) {
    room(Math.multiplyExact(3, length));
    return find(scratch, 0, Utf8.encode(chars, from, length, scratch, 0), true);
  }

  /** The code of a value, or -1 if there is none. */
  int codeIfKnown(CharSequence value) {
    return find(value, false);
  }

  private int find(CharSequence value, boolean add) {
    room(Utf8.bound(value));
    return find(scratch, 0, Utf8.encode(value, scratch, 0), add);
  }

  private void room(int bytes) {
    if (bytes > scratch.length) {
      scratch = new byte[bytes];
    }
  }

  /** The code of a value in UTF-8, or -1 if it is new and not to be added. */
  int find(byte[] utf8, int from, int length, boolean add) {
    int mask = table.length - 1;
    for (int i = hash(utf8, from, from + length) & mask; ; i = i + 1 & mask) {
      int code = table[i] - 1;
      if (code < 0) {
        return add ? add(utf8, from, length, i) : -1;
      }
      if (Arrays.equals(bytes, offsets[code], offsets[code + 1], utf8, from, from + length)) {
        return code;
      }
    }
  }

  private int add(byte[] utf8, int from, int length, int slot) {
    int at = offsets[size];
    if (length > bytes.length - at) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, length), bytes.length * 2));
    }
    System.arraycopy(utf8, from, bytes, at, length);
    int code = size++;
    if (size + 1 > offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[size] = at + length;
    table[slot] = size;
    if (size * 2 > table.length) {
      table = new int[table.length * 2];
      for (int c = 0; c < size; c++) {
        table[freeSlot(hash(bytes, offsets[c], offsets[c + 1]))] = c + 1;
      }
    }
    return code;
  }

  private int freeSlot(int hash) {
    int mask = table.length - 1;
    int i = hash & mask;
    while (table[i] != 0) {
      i = i + 1 & mask;
    }
    return i;
  }

  private int hash(byte[] utf8, int from, int to) {
    long h = seed;
    for (int i = from; i < to; i++) {
      h = (h ^ utf8[i]) * seed;
      h ^= h >>> 32;
    }
    return (int) (h ^ h >>> 15);
  }

  /** Adds the values from a code on to a body, as a column of texts. */
  void write(BodyWriter body, int from) {
    int rows = size - from;
    int start = offsets[from];
    int[] places = new int[rows + 1];
    for (int i = 0; i <= rows; i++) {
      places[i] = offsets[from + i] - start;
    }
    body.node(rows, 0);
    body.validity(bytes, rows, 0);
    body.ints(places, rows + 1);
    body.bytes(bytes, start, offsets[size] - start);
  }

  void json(int code, JsonGenerator out) throws IOException {
    out.writeUTF8String(bytes, offsets[code], offsets[code + 1] - offsets[code]);
  }
}
