package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Copies a store that may be in use, into a folder or a zip file, and back.
 *
 * <p>The order makes the copy consistent. The rings of the writers come first: what they have and
 * the segments that are copied later do not have is recovered when the copy is opened; so the copy
 * has all that was accepted before it began. Then the runs, of each writer the summary before the
 * segments, which only grow. Then all else, and at last the contents: what a run refers to was kept
 * before the run said so.
 */
public final class StoreBackup {
  /**
   * What was copied.
   *
   * @param place where the copy is
   * @param runs how many runs
   * @param files how many files
   * @param bytes how many bytes, before they were packed
   * @param check what reading the copy has found: damage that the store had already, as a copy that
   *     is itself damaged is not left behind
   */
  public record Report(
      Path place, long runs, long files, long bytes, List<StoreVerify.Problem> check) {}

  private final Path root;
  private final StoreView view;
  private final StoreSink sink;
  private final StoreProgress progress;
  private long runs;

  private StoreBackup(StoreView view, StoreSink sink, StoreProgress progress) {
    this.root = view.root();
    this.view = view;
    this.sink = sink;
    this.progress = progress;
  }

  // ---- to a copy

  /**
   * Copies a store, and reads the copy again.
   *
   * @param target a file whose name ends in {@code .zip}, or else a folder; must not exist
   * @throws ConflictException if it exists, or is within the store
   */
  public static Report backup(StoreView view, Path target, StoreProgress progress) {
    Path place = target.toAbsolutePath().normalize();
    if (place.startsWith(view.root())) {
      throw new ConflictException(
          "the backup " + place + " would be within the store " + view.root() + "; choose another");
    }
    refuseExisting(place);
    boolean zip = isZip(place);
    Path fresh = fresh(place);
    try {
      Files.createDirectories(fresh.resolveSibling("."));
      StoreBackup backup;
      try (StoreSink sink = zip ? StoreSink.zip(fresh) : StoreSink.folder(fresh)) {
        backup = new StoreBackup(view, sink, progress);
        backup.copyAll();
      }
      List<StoreVerify.Problem> check =
          zip ? ZipCheck.read(fresh, progress) : finishFolder(fresh, progress);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      return new Report(place, backup.runs, backup.sink.files(), backup.sink.bytes(), check);
    } catch (IOException e) {
      throw new StoreException("the backup " + place + " could not be made: " + e, e);
    } finally {
      StoreFiles.deleteTree(fresh);
    }
  }

  private static boolean isZip(Path place) {
    return place.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  private static Path fresh(Path place) {
    return place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  private static void refuseExisting(Path place) {
    if (Files.exists(place)) {
      throw new ConflictException(
          place + " exists already and is not overwritten; choose another, or move it away");
    }
  }

  private void copyAll() throws IOException {
    for (Path writer : StoreFiles.children(root.resolve("writers"))) {
      copyWriter(writer);
    }
    List<Path> folders = view.runFolders();
    for (Path folder : folders) {
      progress.at("copying runs:", runs, folders.size());
      copyRun(folder);
      runs++;
    }
    for (Path room : StoreFiles.children(root)) {
      switch (String.valueOf(room.getFileName())) {
        case "writers", "runs", "blobs", "cache" -> {
          // Each has its own turn, and what was fetched can be fetched again.
        }
        default -> copyRoom(room);
      }
    }
    List<Path> contents = StoreFiles.below(view.blobs().root());
    long done = 0;
    for (Path file : contents) {
      progress.at("copying contents:", done++, contents.size());
      copy(file, Long.MAX_VALUE);
    }
  }

  /** The description first, so that a folder that is just being removed is left out. */
  private void copyWriter(Path folder) throws IOException {
    try {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      Path description = folder.resolve("writer.json");
      // One that was closed while its disk was full says so by the other name.
      Path closed = folder.resolve("closed.json");
      Path said = Files.exists(closed) ? closed : description;
      json.putAll(JsonObject.of(Json.parse(Files.readAllBytes(said)), "it").asMap());
      json.put("pid", -1L); // the copy belongs to no process: it is to be recovered
      sink.put(name(description), new ByteArrayInputStream(Json.bytes(json)), Long.MAX_VALUE);
      sink.put(name(folder.resolve("lock")), InputStream.nullInputStream(), 0);
    } catch (NoSuchFileException | JsonException e) {
      return; // just being made, or just being removed
    }
    copy(folder.resolve("ring"), Long.MAX_VALUE);
  }

  private void copyRun(Path folder) throws IOException {
    for (String writer : RunReader.writers(folder)) {
      copy(folder.resolve(writer + ".run.json"), Long.MAX_VALUE);
      List<Integer> segments = new WriterLog(folder, writer).segments();
      for (int i = 0; i < segments.size(); i++) {
        int number = segments.get(i);
        boolean grows = i == segments.size() - 1 && view.lives(writer);
        Path file = folder.resolve(String.format(Locale.ROOT, "%s.%06d.seg", writer, number));
        copy(file, grows ? wholeFrames(folder, writer, number) : Long.MAX_VALUE);
      }
    }
    for (Path file : StoreFiles.below(folder)) {
      String name = file.toString();
      if (!name.endsWith(".seg") && !name.endsWith(".run.json") && !name.endsWith(".tmp")) {
        copy(file, Long.MAX_VALUE);
      }
    }
  }

  /** Returns how long a segment is without the frame that is just being written. */
  private static long wholeFrames(Path folder, String writer, int number) throws IOException {
    WriterLog.Position end =
        new WriterLog(folder, writer)
            .read(new WriterLog.Position(number, 0, 0), List.of(), NO_POINTS)
            .end();
    return end.segment() == number && end.offset() > 0 ? end.offset() : Long.MAX_VALUE;
  }

  private static final WriterLog.Visitor NO_POINTS =
      new WriterLog.Visitor() {
        @Override
        public void event(JsonObject event) {
          // Only the place where the last frame ends is asked for.
        }

        @Override
        public void point(int key, double value, long step, long time) {
          // As above.
        }

        @Override
        public boolean wantsPoints() {
          return false;
        }
      };

  private void copyRoom(Path room) throws IOException {
    List<Path> files = Files.isDirectory(room) ? StoreFiles.below(room) : List.of(room);
    for (Path file : files) {
      if (!file.toString().endsWith(".tmp")) {
        copy(file, Long.MAX_VALUE);
      }
    }
  }

  private void copy(Path file, long atMost) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      sink.put(name(file), in, atMost);
    } catch (NoSuchFileException e) {
      // Removed meanwhile: by a clean-up, an erasure, or its writer that has closed.
    }
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  // ---- from a copy

  /**
   * Makes a store from a copy, and reads it again.
   *
   * @param backup a zip file or a folder that {@link #backup} has made
   * @param target the store's folder; must not exist, or be empty
   * @throws NotFoundException if there is no such backup
   * @throws IntegrityException if it is no backup, or damaged
   * @throws ConflictException if the target exists
   */
  public static Report restore(Path backup, Path target, StoreProgress progress) {
    Path place = target.toAbsolutePath().normalize();
    if (!Files.exists(backup)) {
      throw new NotFoundException("there is no backup " + backup);
    }
    Path fresh = fresh(place);
    try {
      if (Files.isDirectory(place) && StoreFiles.children(place).isEmpty()) {
        Files.delete(place);
      }
      refuseExisting(place);
      Files.createDirectories(fresh.resolveSibling("."));
      long files;
      long bytes;
      try (StoreSink sink = StoreSink.folder(fresh)) {
        if (Files.isDirectory(backup)) {
          copyFolder(backup, sink, progress);
        } else {
          unpack(backup, sink, progress);
        }
        files = sink.files();
        bytes = sink.bytes();
      }
      if (!Files.exists(fresh.resolve("store.json"))) {
        throw new IntegrityException(backup + " is no backup of a store: it has no store.json");
      }
      List<StoreVerify.Problem> check = finishFolder(fresh, progress);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      long runs = StoreFiles.children(place.resolve("runs")).size();
      return new Report(place, runs, files, bytes, check);
    } catch (ZipException e) {
      throw new IntegrityException("the backup " + backup + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException("the store " + place + " could not be made: " + e, e);
    } finally {
      StoreFiles.deleteTree(fresh);
    }
  }

  private static void copyFolder(Path backup, StoreSink sink, StoreProgress progress)
      throws IOException {
    List<Path> files = StoreFiles.below(backup);
    long done = 0;
    for (Path file : files) {
      progress.at("copying files:", done++, files.size());
      try (InputStream in = Files.newInputStream(file)) {
        sink.put(backup.relativize(file).toString().replace('\\', '/'), in, Long.MAX_VALUE);
      }
    }
  }

  private static void unpack(Path backup, StoreSink sink, StoreProgress progress)
      throws IOException {
    try (ZipFile zip = new ZipFile(backup.toFile())) {
      long done = 0;
      for (ZipEntry entry : entries(zip)) {
        progress.at("unpacking files:", done++, zip.size());
        try (InputStream in = ZipCheck.open(zip, entry)) {
          sink.put(safe(entry.getName()), in, Long.MAX_VALUE);
        }
      }
    }
  }

  static List<ZipEntry> entries(ZipFile zip) {
    List<ZipEntry> files = new ArrayList<>();
    zip.stream().filter(entry -> !entry.isDirectory()).forEach(files::add);
    return files;
  }

  /** A name from a file that may have been made by anyone must not lead out of the store. */
  private static String safe(String name) {
    boolean good = !name.isEmpty() && !name.contains("\\") && !name.contains(":");
    for (String part : name.split("/", -1)) {
      good &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    if (!good) {
      throw new IntegrityException(
          "the backup has an entry " + Printable.quote(name) + " that leads out of a store");
    }
    return name;
  }

  /** Makes a folder of copied files a store: nobody lives in it, and it is whole. */
  private static List<StoreVerify.Problem> finishFolder(Path folder, StoreProgress progress)
      throws IOException {
    for (String room : List.of("runs", "writers")) {
      Files.createDirectories(folder.resolve(room));
    }
    for (Path writer : StoreFiles.children(folder.resolve("writers"))) {
      Path description = writer.resolve("writer.json");
      if (Files.exists(description)) {
        Files.setLastModifiedTime(description, FileTime.fromMillis(0)); // an old heartbeat
      }
    }
    StoreView copy = StoreView.open(folder, Time.SYSTEM, JournalOptions.DEFAULT.lostNanos());
    return StoreVerify.verify(copy, progress).problems();
  }
}
