package io.plumbline.cli;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the scoring of a file has come: what an interrupted call leaves beside its output.
 *
 * @param digest the digest of the version that scores
 * @param inputSize the size of the file that is scored
 * @param inputModified when it was changed last, in epoch milliseconds
 * @param outputs the names of the columns that are added
 * @param rows how many rows are scored
 * @param bytes how many bytes of the output they take, header included
 */
record ScoreState(
    String digest,
    long inputSize,
    long inputModified,
    List<String> outputs,
    long rows,
    long bytes) {
  private static final int MOST_BYTES = 1 << 20;

  /** The beginning: nothing is scored. */
  static ScoreState start(String digest, Path input) throws IOException {
    return new ScoreState(
        digest, Files.size(input), Files.getLastModifiedTime(input).toMillis(), List.of(), 0, 0);
  }

  ScoreState at(List<String> names, long scored, long written) {
    return new ScoreState(digest, inputSize, inputModified, names, scored, written);
  }

  boolean isSameInput(ScoreState other) {
    return inputSize == other.inputSize && inputModified == other.inputModified;
  }

  /** Reads a state; null if there is none, or it can't be read. */
  static @Nullable ScoreState read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      return null;
    }
    try {
      JsonObject json = Json.object(Files.readAllBytes(file), file.toString());
      if (json.longValue("format") != 1) {
        return null;
      }
      return new ScoreState(
          json.string("digest"),
          json.longValue("inputSize"),
          json.longValue("inputModified"),
          json.strings("outputs"),
          json.longValue("rows"),
          json.longValue("bytes"));
    } catch (JsonException e) {
      return null;
    }
  }

  /** Takes the place of an earlier state, in one step. */
  void write(Path file) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("digest", digest);
    json.put("inputSize", inputSize);
    json.put("inputModified", inputModified);
    json.put("outputs", outputs);
    json.put("rows", rows);
    json.put("bytes", bytes);
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(fresh, Json.bytes(json));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
