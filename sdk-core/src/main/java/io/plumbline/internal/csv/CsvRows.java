package io.plumbline.internal.csv;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Splits a CSV stream (RFC 4180, plain or gzip) into rows of cells, as bytes in one reused buffer.
 *
 * <p>It reads the header by itself; every further row has as many cells. The row's bytes lie one
 * cell after the other, without quotes, in {@link #bytes()} between {@link #from} and {@link #to}.
 */
public final class CsvRows implements Closeable {
  private static final int MAX_COLUMNS = 65_536;
  private static final int MAX_ROW_BYTES = 16 << 20;
  private static final int BLOCK = 64 << 10;
  private static final int END = -1;

  private final InputStream in;
  private final String file;
  private final List<String> columns;

  private final byte[] block = new byte[BLOCK];
  private int at;
  private int limit;
  private long nextLine = 1;

  private byte[] row = new byte[1024];
  private int length;
  private int[] ends = new int[16];
  private int cells;
  private boolean quoted;
  private long line;

  /**
   * Reads the header.
   *
   * @param in the file's bytes; closed by {@link #close()}, and here when the header is refused
   * @param file how error texts call it
   * @throws IntegrityException if it is empty or malformed
   * @throws StoreException if reading fails
   */
  public CsvRows(InputStream in, String file) {
    this.file = file;
    try {
      this.in = unpacked(in);
      skipByteOrderMark();
      this.columns = header();
    } catch (IOException e) {
      closeQuietly(in);
      throw broken(e);
    } catch (RuntimeException e) {
      closeQuietly(in);
      throw e;
    }
  }

  /** The header's names, all different. */
  public List<String> columns() {
    return columns;
  }

  /** The buffer that holds the row; valid until the next row is read. */
  public byte[] bytes() {
    return row;
  }

  /** Where a cell of this row begins in {@link #bytes()}. */
  public int from(int column) {
    return column == 0 ? 0 : ends[column - 1];
  }

  /** Where a cell of this row ends in {@link #bytes()}. */
  public int to(int column) {
    return ends[column];
  }

  /** The line of the file on which this row begins, from 1. */
  public long line() {
    return line;
  }

  /**
   * Goes to the next row; empty lines are skipped.
   *
   * @return false at the end of the file
   * @throws IntegrityException if the row is malformed
   * @throws StoreException if reading fails
   */
  public boolean next() {
    try {
      if (!read()) {
        return false;
      }
    } catch (IOException e) {
      throw broken(e);
    }
    if (cells != columns.size()) {
      throw malformed(
          file, line, "it has " + cells + " cells, but the header has " + columns.size());
    }
    return true;
  }

  /**
   * The cell as text.
   *
   * @throws IntegrityException if it is not UTF-8
   */
  public String text(int column) {
    try {
      return text(row, from(column), to(column));
    } catch (CharacterCodingException e) {
      throw bad(column, "is not UTF-8");
    }
  }

  /** An exception for a cell of this row; it names file, line and column. */
  public IntegrityException bad(int column, String why) {
    return bad(file, line, columns.get(column), why);
  }

  /** An exception for a cell; it names file, line and column. */
  public static IntegrityException bad(String file, long line, String column, String why) {
    return malformed(file, line, "the cell of column " + Printable.quote(column) + " " + why);
  }

  /** Decodes UTF-8 strictly, plain ASCII fast. */
  public static String text(byte[] bytes, int from, int to) throws CharacterCodingException {
    int i = from;
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i == to
        ? new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
        : StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, from, to - from))
            .toString();
  }

  @Override
  public void close() {
    closeQuietly(in);
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BLOCK);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, BLOCK) : buffered;
  }

  private void skipByteOrderMark() throws IOException {
    limit = in.readNBytes(block, 0, BLOCK);
    if (limit >= 3
        && block[0] == (byte) 0xef
        && block[1] == (byte) 0xbb
        && block[2] == (byte) 0xbf) {
      at = 3;
    }
  }

  private List<String> header() throws IOException {
    if (!read()) {
      throw new IntegrityException(
          Printable.quote(file) + " is empty; its first line must name the columns");
    }
    List<String> names = new ArrayList<>(cells);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < cells; i++) {
      String name;
      try {
        name = text(row, from(i), to(i));
      } catch (CharacterCodingException e) {
        throw malformed(file, line, "the name of column " + (i + 1) + " is not UTF-8");
      }
      if (!seen.add(name)) {
        throw malformed(file, line, "two columns are named " + Printable.quote(name));
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  /** Reads rows until one is not an empty line; false at the end. */
  private boolean read() throws IOException {
    while (peek() != END) {
      length = 0;
      cells = 0;
      quoted = false;
      line = nextLine;
      readRow();
      if (cells > 1 || length > 0 || quoted) {
        return true;
      }
    }
    return false;
  }

  private void readRow() throws IOException {
    while (true) {
      if (peek() == '"') {
        readQuoted();
      } else {
        readPlain();
      }
      endCell();
      int separator = peek();
      at++;
      if (separator == ',') {
        continue;
      }
      if (separator == '\r' && peek() == '\n') {
        at++;
      }
      nextLine++;
      return;
    }
  }

  /** Reads up to the comma, the line's end or the file's end, and leaves that. */
  private void readPlain() throws IOException {
    while (peek() != END) {
      int first = at;
      for (; at < limit; at++) {
        byte b = block[at];
        if (b == ',' || b == '\n' || b == '\r') {
          append(first);
          return;
        }
        if (b == '"') {
          throw malformed(
              file,
              line,
              "cell "
                  + (cells + 1)
                  + " has a quote but does not begin with one; put the whole cell in quotes and double the quotes inside");
        }
      }
      append(first);
    }
  }

  private void readQuoted() throws IOException {
    quoted = true;
    at++;
    while (true) {
      if (peek() == END) {
        throw malformed(
            file, line, "the quote that begins cell " + (cells + 1) + " is never closed");
      }
      int first = at;
      while (at < limit && block[at] != '"') {
        if (block[at] == '\n') {
          nextLine++;
        }
        at++;
      }
      append(first);
      if (at < limit) {
        at++;
        int next = peek();
        if (next == '"') {
          at++;
          appendQuote();
        } else if (next == ',' || next == '\n' || next == '\r' || next == END) {
          return;
        } else {
          throw malformed(file, line, "something follows the closing quote of cell " + (cells + 1));
        }
      }
    }
  }

  private void appendQuote() {
    reserve(1);
    row[length++] = '"';
  }

  private void append(int first) {
    int count = at - first;
    reserve(count);
    System.arraycopy(block, first, row, length, count);
    length += count;
  }

  private void reserve(int count) {
    if (length + count > row.length) {
      if (length + count > MAX_ROW_BYTES) {
        throw malformed(
            file, line, "the row has more than " + MAX_ROW_BYTES + " bytes; is a quote missing?");
      }
      row = Arrays.copyOf(row, Math.min(MAX_ROW_BYTES, Math.max(2 * row.length, length + count)));
    }
  }

  private void endCell() {
    if (cells == ends.length) {
      if (cells == MAX_COLUMNS) {
        throw malformed(file, line, "the row has more than " + MAX_COLUMNS + " cells");
      }
      ends = Arrays.copyOf(ends, 2 * cells);
    }
    ends[cells++] = length;
  }

  private int peek() throws IOException {
    if (at >= limit) {
      at = 0;
      limit = Math.max(0, in.read(block, 0, BLOCK));
      if (limit == 0) {
        return END;
      }
    }
    return block[at] & 0xff;
  }

  private RuntimeException broken(IOException e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      return new IntegrityException(
          Printable.quote(file) + " is not a whole gzip file: " + e.getMessage(), e);
    }
    return new StoreException("cannot read " + Printable.quote(file) + ": " + e.getMessage(), e);
  }

  private static IntegrityException malformed(String file, long line, String why) {
    return new IntegrityException(Printable.quote(file) + ", line " + line + ": " + why);
  }

  private static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException nothingWasWritten) {
      // Closing a file that was only read loses nothing.
    }
  }
}
