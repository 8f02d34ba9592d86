package io.plumbline.internal.courier;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a run's delivery to one destination, beside the run's segments. A power cut
 * may take the last of it back: then something is sent again.
 */
final class DeliveryFiles {
  /**
   * How far one writer's part has come.
   *
   * @param segment the segment that the next record is in, or one before it
   * @param ordinal all records before it are delivered or rejected
   * @param sending the batch that may have been received without our hearing of it ends before this
   *     ordinal; the same as {@code ordinal} if there is none
   * @param rejected how many were refused
   * @param files the ordinal behind the last record with a file before {@code ordinal}; 0 for none
   * @param complete whether the writer was done with the run, and all up to that segment has
   *     arrived
   */
  record Ack(int segment, long ordinal, long sending, long rejected, long files, boolean complete) {
    static final Ack NONE = new Ack(0, 0, 0, 0, 0, false);

    /** After damage: all is sent again, and the first batch may have arrived. */
    static final Ack UNKNOWN = NONE.sending(1);

    /** Returns the same with a batch on its way, which ends before an ordinal. */
    Ack sending(long end) {
      return new Ack(segment, ordinal, end, rejected, files, false);
    }
  }

  /**
   * What the run is called over there.
   *
   * @param id its id; null if it was not made yet
   * @param experiment the id of its experiment; null if that is not known yet
   * @param adopted whether somebody else has made it, whose it stays
   */
  record Remote(@Nullable String id, @Nullable String experiment, boolean adopted) {}

  private final Path folder;
  private final String destination;

  DeliveryFiles(Path folder, String destination) {
    this.folder = folder;
    this.destination = destination;
  }

  // ---- the run

  /** Returns the name of the file that says that a run goes to a destination. */
  static String remoteName(String destination) {
    return destination + ".remote.json";
  }

  private Path remoteFile() {
    return folder.resolve(remoteName(destination));
  }

  /** Returns what the run is called over there; nothing if it does not go there. */
  Optional<Remote> remote() throws IOException {
    try {
      return read(remoteFile())
          .map(
              json ->
                  new Remote(
                      json.stringOr("run", null),
                      json.stringOr("experiment", null),
                      json.boolOr("adopted", false)));
    } catch (JsonException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  void write(Remote remote) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("destination", destination);
    json.put("run", remote.id());
    json.put("experiment", remote.experiment());
    json.put("adopted", remote.adopted());
    // Once its id is lost nobody finds the run there again: a power cut must not take it.
    replace(remoteFile(), json, remote.id() != null);
  }

  // ---- one writer's part

  private Path ackFile(String writer, Cargo cargo) {
    return folder.resolve(writer + "." + destination + cargo.suffix + ".ack.json");
  }

  /** Returns the file that is locked by the one that delivers a writer's part. */
  Path lockFile(String writer, Cargo cargo) {
    return folder.resolve(writer + "." + destination + cargo.suffix + ".lock");
  }

  Ack ack(String writer, Cargo cargo) throws IOException {
    try {
      return read(ackFile(writer, cargo)).map(DeliveryFiles::ack).orElse(Ack.NONE);
    } catch (JsonException | ArithmeticException e) {
      return Ack.UNKNOWN; // such as an empty file after a power cut
    }
  }

  private static Ack ack(JsonObject json) {
    return new Ack(
        Math.toIntExact(json.longValue("segment")),
        json.longValue("ordinal"),
        json.longOr("sending", 0),
        json.longOr("rejected", 0),
        json.longOr("files", 0),
        json.boolOr("complete", false));
  }

  void write(String writer, Cargo cargo, Ack ack) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("segment", (long) ack.segment());
    json.put("ordinal", ack.ordinal());
    json.put("sending", ack.sending());
    json.put("rejected", ack.rejected());
    json.put("files", ack.files());
    json.put("complete", ack.complete());
    replace(ackFile(writer, cargo), json, false);
  }

  /** Keeps a record that was refused, with the reason. */
  void reject(String writer, long next, String what, String reason) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("record", next - 1);
    json.put("what", what);
    json.put("reason", reason);
    json.put("time", System.currentTimeMillis());
    Files.writeString(
        folder.resolve(writer + "." + destination + ".rejected.jsonl"),
        Json.text(json) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  // ---- models

  private Path modelFile(String model) {
    return folder.resolve(destination + "." + model + ".json");
  }

  /** Returns what a model is called over there; nothing if it is not there yet. */
  Optional<String> model(String model) throws IOException {
    try {
      return read(modelFile(model)).map(json -> json.string("model"));
    } catch (JsonException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  void writeModel(String model, String remote) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("model", remote);
    replace(modelFile(model), json, true);
  }

  // ---- files

  private static Optional<JsonObject> read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(Json.object(bytes, file.toString()));
  }

  private static void replace(Path file, Map<String, @Nullable Object> json, boolean synced)
      throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(json));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (synced) {
        channel.force(true);
      }
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
