package io.plumbline.drift.log;

import io.plumbline.IntegrityException;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file with a JSON object on each line, some lines at a time. */
final class JsonLinesFile implements PredictionLogReader.Opened {
  private static final int MAX_ROWS = 4_096;
  private static final long MAX_BYTES = 16 << 20;
  private static final int MAX_LINE = 64 << 20;

  /** Of rows times the longest list, so that rows without a list cannot make a batch gigantic. */
  private static final long MAX_CELLS = 16 << 20;

  private static final long MAX_SCHEMA = 64 << 20;

  private final Path path;
  private final LogFilter filter;
  private final InputStream in;
  private final boolean torn;
  private final Map<String, LogBatch.Kind> kinds = new LinkedHashMap<>();
  private Map<String, String> metadata = Map.of();
  private @Nullable LogBatch batch;
  private long line;

  /** A row that did not fit into the batch before, and its line. */
  private @Nullable Map<String, @Nullable Object> pending;

  private JsonLinesFile(Path path, LogFilter filter, InputStream in) {
    this.path = path;
    this.filter = filter;
    this.in = in;
    this.torn = path.toString().endsWith(LogPaths.OPEN);
  }

  static JsonLinesFile open(Path path, LogFilter filter) {
    return Guard.reading(
        path,
        () -> {
          InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
          boolean opened = false;
          try {
            JsonLinesFile file = new JsonLinesFile(path, filter, in);
            file.readSchema();
            opened = true;
            return file;
          } finally {
            if (!opened) {
              in.close();
            }
          }
        });
  }

  /** What stands beside the file tells the kinds of its columns; without it they are guessed. */
  private void readSchema() throws IOException {
    Path file = path.resolveSibling(LogPaths.SCHEMA_FILE);
    if (!Files.exists(file)) {
      return;
    }
    if (Files.size(file) > MAX_SCHEMA) {
      throw new IntegrityException(file + " is damaged: it is too large to be what it says");
    }
    try {
      JsonObject schema = Json.object(Files.readAllBytes(file), LogPaths.SCHEMA_FILE);
      for (JsonObject column : schema.objects("columns")) {
        kinds.put(column.string("name"), kind(column.string("type")));
      }
      Map<String, String> read = new LinkedHashMap<>();
      schema.object("metadata").asMap().forEach((key, value) -> read.put(key, "" + value));
      metadata = Map.copyOf(read);
    } catch (JsonException e) {
      throw new IntegrityException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static LogBatch.Kind kind(String type) {
    return switch (type) {
      case "float64", "float32" -> LogBatch.Kind.NUMBER;
      case "int64", "int32" -> LogBatch.Kind.INTEGER;
      case "bool" -> LogBatch.Kind.BOOLEAN;
      case "utf8" -> LogBatch.Kind.TEXT;
      case "timestamp[us, UTC]" -> LogBatch.Kind.TIME;
      default ->
          type.startsWith("dictionary")
              ? LogBatch.Kind.CATEGORY
              : type.startsWith("fixed_size_list") ? LogBatch.Kind.EMBEDDING : LogBatch.Kind.OTHER;
    };
  }

  @Override
  public @Nullable LogBatch next() {
    Guard.doing(path, () -> batch = read());
    return batch;
  }

  private @Nullable LogBatch read() throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    int longest = 0;
    long bytes = 0;
    while (rows.size() < MAX_ROWS && bytes < MAX_BYTES) {
      Map<String, @Nullable Object> row = pending;
      pending = null;
      if (row == null) {
        byte[] text = readLine();
        if (text == null) {
          break;
        }
        line++;
        bytes += text.length;
        if (text.length == 0) {
          continue;
        }
        row = parse(text);
      }
      longest = Math.max(longest, longest(row));
      if (!rows.isEmpty() && (rows.size() + 1L) * longest > MAX_CELLS) {
        pending = row;
        break;
      }
      rows.add(row);
      lines.add(line);
    }
    return rows.isEmpty() ? null : new JsonBatch(path, rows, lines, kinds, filter);
  }

  private static int longest(Map<String, @Nullable Object> row) {
    int longest = 0;
    for (Object value : row.values()) {
      if (value instanceof List<?> list) {
        longest = Math.max(longest, list.size());
      }
    }
    return longest;
  }

  private Map<String, @Nullable Object> parse(byte[] text) {
    try {
      return Json.object(text, "line " + line).asMap();
    } catch (JsonException e) {
      throw new IntegrityException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** The next line; null behind the last, or where the writer of an open part is in a line. */
  private byte @Nullable [] readLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    while (true) {
      int b = in.read();
      if (b == '\n') {
        return bytes.toByteArray();
      }
      if (b < 0) {
        return bytes.size() == 0 || torn ? null : bytes.toByteArray();
      }
      if (bytes.size() == MAX_LINE) {
        throw new IntegrityException(path + " is damaged: line " + (line + 1) + " has no end");
      }
      bytes.write(b);
    }
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
