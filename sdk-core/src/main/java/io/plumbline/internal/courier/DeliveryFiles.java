package io.plumbline.internal.courier;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.StoreFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a run's delivery to one destination, beside the run's segments. A power cut
 * may take the last of it back: then something is sent again.
 */
final class DeliveryFiles {
  static final String REJECTED = ".rejected.jsonl";
  private static final String REMOTE = ".remote.json";

  private final Path folder;
  private final String destination;

  DeliveryFiles(Path folder, String destination) {
    this.folder = folder;
    this.destination = destination;
  }

  // ---- the run

  /** Returns the name of the file that says that a run goes to a destination. */
  static String remoteName(String destination) {
    return destination + REMOTE;
  }

  private Path remoteFile() {
    return folder.resolve(remoteName(destination));
  }

  /** Returns what the run is called over there; nothing if it does not go there. */
  Optional<Remote> remote() throws IOException {
    try {
      return read(remoteFile()).map(DeliveryFiles::remote);
    } catch (JsonException e) {
      return Optional.of(remoteByAcks()); // such as an empty file after a power cut
    }
  }

  /** Returns what the run is called by what was noted of its parts last. */
  private Remote remoteByAcks() throws IOException {
    Remote last = Remote.UNKNOWN;
    try (DirectoryStream<Path> acks =
        Files.newDirectoryStream(folder, "*." + destination + ".ack.json")) {
      for (Path ack : acks) {
        Remote noted = remoteByAck(ack);
        last = noted.made() > last.made() ? noted : last;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return last;
  }

  private static Remote remoteByAck(Path ack) throws IOException {
    try {
      return read(ack).map(DeliveryFiles::remote).orElse(Remote.UNKNOWN);
    } catch (JsonException e) {
      return Remote.UNKNOWN;
    }
  }

  private static Remote remote(JsonObject json) {
    return new Remote(
        json.stringOr("run", null),
        json.stringOr("experiment", null),
        json.boolOr("adopted", false),
        json.stringOr("address", null),
        json.longOr("made", 0),
        json.stringOr("gone", null));
  }

  /** Returns what the run is called at other destinations, which may be the same server. */
  Set<String> elsewhere() throws IOException {
    Set<String> ids = new HashSet<>();
    for (String other : destinations(folder)) {
      String id = other.equals(destination) ? null : new DeliveryFiles(folder, other).id();
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** Returns the names of the destinations to which the run of a folder goes. */
  static SortedSet<String> destinations(Path folder) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + REMOTE)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        names.add(name.substring(0, name.length() - REMOTE.length()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.removeIf(name -> !Destination.isName(name));
    return names;
  }

  private @Nullable String id() throws IOException {
    return remote().map(Remote::id).orElse(null);
  }

  /** Keeps what the run is called over there; once its id is known, for good. */
  void write(Remote remote) throws IOException {
    // Once its id is lost nobody finds the run there again: a power cut must not take it.
    write(remote, remote.id() != null);
  }

  /**
   * The same.
   *
   * @param synced whether a power cut must not take it
   */
  void write(Remote remote, boolean synced) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("destination", destination);
    json.put("run", remote.id());
    json.put("experiment", remote.experiment());
    json.put("adopted", remote.adopted());
    json.put("address", remote.address());
    json.put("made", remote.made());
    if (remote.gone() != null) {
      json.put("gone", remote.gone());
    }
    // Both lanes, and other programs, may write this one.
    String unique = "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp";
    Path fresh = folder.resolve(remoteName(destination) + unique);
    try {
      replace(remoteFile(), fresh, json, synced);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  // ---- one writer's part

  private Path ackFile(String writer, Cargo cargo) {
    return folder.resolve(writer + "." + destination + cargo.suffix + ".ack.json");
  }

  /** Returns the file that is locked by the one that delivers a writer's part. */
  Path lockFile(String writer, Cargo cargo) {
    return folder.resolve(writer + "." + destination + cargo.suffix + ".lock");
  }

  /**
   * Returns how far a part has come.
   *
   * @param remote what the run is called over there
   */
  Ack ack(String writer, Cargo cargo, Remote remote) throws IOException {
    try {
      Optional<JsonObject> json = read(ackFile(writer, cargo));
      if (json.isEmpty()) {
        return Ack.NONE;
      }
      Ack ack = ack(json.get());
      // What another run has got, over there, this one has not.
      return ack.ordinal() == 0 || isOf(remote, json.get()) ? ack : Ack.UNKNOWN;
    } catch (JsonException | ArithmeticException e) {
      return Ack.UNKNOWN; // such as an empty file after a power cut
    }
  }

  /** Returns when something of a part had arrived last, in epoch milliseconds; nothing if never. */
  Optional<Long> acknowledged(String writer) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(ackFile(writer, Cargo.RECORDS)).toMillis());
    } catch (NoSuchFileException e) {
      return Optional.empty();
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

  private static boolean isOf(Remote remote, JsonObject json) {
    return json.longOr("made", 0) == remote.made();
  }

  /**
   * Keeps how far a part has come.
   *
   * @param remote what the run is called over there
   * @param synced whether a power cut must not take it
   */
  void write(String writer, Cargo cargo, Ack ack, Remote remote, boolean synced)
      throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("run", remote.id());
    json.put("made", remote.made());
    json.put("adopted", remote.adopted());
    json.put("segment", (long) ack.segment());
    json.put("ordinal", ack.ordinal());
    json.put("sending", ack.sending());
    json.put("rejected", ack.rejected());
    json.put("files", ack.files());
    json.put("complete", ack.complete());
    replace(ackFile(writer, cargo), json, synced);
  }

  /** Keeps a record that was refused, with the reason. */
  void reject(String writer, long next, String what, String reason) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("record", next - 1);
    json.put("what", what);
    json.put("reason", reason);
    json.put("time", System.currentTimeMillis());
    Files.writeString(
        folder.resolve(writer + "." + destination + REJECTED),
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
    return remoteModel(modelFile(model), remote().orElse(Remote.UNKNOWN));
  }

  /** Returns what the models are called over there that are known to be there. */
  Set<String> remoteModels() throws IOException {
    Set<String> ids = new HashSet<>();
    Remote remote = remote().orElse(Remote.UNKNOWN);
    try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, destination + ".*.json")) {
      for (Path note : notes) {
        remoteModel(note, remote).ifPresent(ids::add);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return ids;
  }

  private static Optional<String> remoteModel(Path note, Remote remote) throws IOException {
    try {
      return read(note)
          .filter(json -> json.has("model") && isOf(remote, json))
          .map(json -> json.string("model"));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps what a model is called over there.
   *
   * @param made when its run was made there
   */
  void writeModel(String model, String remote, long made) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("model", remote);
    json.put("made", made);
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
    replace(file, file.resolveSibling(file.getFileName() + ".tmp"), json, synced);
  }

  private static void replace(
      Path file, Path fresh, Map<String, @Nullable Object> json, boolean synced)
      throws IOException {
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
    if (synced) {
      StoreFiles.syncFolder(file.resolveSibling("."));
    }
  }
}
