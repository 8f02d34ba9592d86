package io.plumbline.internal.store;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.journal.WriterView;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Removes what nothing in a store refers to: contents of erased runs, temporary files of programs
 * that are gone, and the rest of erasures that were interrupted.
 *
 * <p>It may run while the store is written to. A writer keeps a content first and refers to it
 * later; so nothing is removed that was written within the grace, or since the oldest of the living
 * writers began: what a living writer has kept is never older than the writer.
 */
public final class StoreGc {
  /** Why a file is removed. */
  public enum Reason {
    /** No run and no registered version refers to the content. */
    UNREFERENCED("contents that no run and no version refers to"),
    /** A program that is gone was writing it. */
    TEMPORARY("temporary files of programs that are gone"),
    /** The run was erased, but not to the end. */
    ERASED("rests of erased runs");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A file that was removed, or would be.
   *
   * @param file the file, relative to the store
   * @param bytes its size
   * @param reason why
   */
  public record Removed(String file, long bytes, Reason reason) {}

  /**
   * What was done.
   *
   * @param removed the files that were removed, or would be in a dry run
   * @param referenced how many contents runs and registered versions refer to
   * @param tooYoung how many contents nothing refers to and are yet kept, because they are young
   * @param writers the ids of the living writers
   * @param heldByWriters whether what is kept as too young is older than the grace, and kept only
   *     because of a living writer
   */
  public record Report(
      List<Removed> removed,
      long referenced,
      long tooYoung,
      List<String> writers,
      boolean heldByWriters) {
    /** Returns how many bytes were removed, or would be. */
    public long bytes() {
      return removed.stream().mapToLong(Removed::bytes).sum();
    }
  }

  private static final long COARSE_MILLIS = 2_000;

  /** The rooms of a store that this version knows; another may refer to contents. */
  private static final Set<String> ROOMS =
      Set.of(
          "store.json", "runs", "writers", "experiments", "registry", "blobs", "cache", "damaged");

  private final StoreView view;
  private final boolean dryRun;
  private final StoreProgress progress;
  private final List<Removed> removed = new ArrayList<>();
  private final Set<String> referenced = new HashSet<>();
  private final long graceCutoff;
  private final long cutoff;
  private final List<String> living;
  private long tooYoung;
  private boolean heldByWriters;

  private StoreGc(
      StoreView view, Time time, Duration grace, boolean dryRun, StoreProgress progress) {
    this.view = view;
    this.dryRun = dryRun;
    this.progress = progress;
    this.living = view.livingWriters();
    this.graceCutoff = time.millis() - grace.toMillis();
    long oldest = living.stream().mapToLong(this::began).min().orElse(Long.MAX_VALUE);
    this.cutoff = Math.min(graceCutoff, oldest);
  }

  /**
   * Cleans up.
   *
   * @param grace what is younger is kept
   * @param dryRun whether to tell only what would be removed
   * @throws IntegrityException if a run is damaged, or the store has a room that this version does
   *     not know: then nobody can say what is referred to, and nothing is removed
   */
  public static Report clean(
      StoreView view, Time time, Duration grace, boolean dryRun, StoreProgress progress) {
    StoreGc gc = new StoreGc(view, time, grace, dryRun, progress);
    gc.refuseUnknownRooms();
    // Candidates before references: what is referred to from now on is touched, and young again.
    List<Path> contents = StoreFiles.below(view.blobs().root());
    gc.readReferences();
    gc.removeContents(contents);
    gc.removeTemporary();
    gc.removeErased();
    return new Report(
        List.copyOf(gc.removed),
        gc.referenced.size(),
        gc.tooYoung,
        List.copyOf(gc.living),
        gc.heldByWriters);
  }

  /**
   * When a living writer began: its lock is made then and never written. That time and those of the
   * contents come from the same clock, the file system's, which is coarse.
   */
  private long began(String writer) {
    Path lock = view.root().resolve("writers").resolve(writer).resolve("lock");
    return StoreFiles.modified(lock) - COARSE_MILLIS;
  }

  private void refuseUnknownRooms() {
    for (Path child : StoreFiles.children(view.root())) {
      String name = String.valueOf(child.getFileName());
      if (Files.isDirectory(child) && !ROOMS.contains(name)) {
        throw new IntegrityException(
            "the store has a folder '"
                + name
                + "' that this version does not know, and that may refer to contents; nothing was"
                + " removed; use the version that made it, or move the folder away");
      }
    }
  }

  // ---- what is referred to

  private void readReferences() {
    view.registry().references(referenced::add);
    List<Path> folders = view.runFolders();
    int done = 0;
    for (Path folder : folders) {
      progress.at("reading runs:", done++, folders.size());
      for (String writer : RunReader.writers(folder)) {
        readReferences(folder, writer);
      }
    }
  }

  /** Each writer's own: what one has replaced of another's is kept, which costs little. */
  private void readReferences(Path folder, String writer) {
    try {
      RunState state = WriterView.summaryState(folder, writer);
      if (state == null || state.artifactsLeftOut()) {
        WriterView scanned = WriterView.scan(folder, writer);
        if (!scanned.report().problems().isEmpty()) {
          throw new IntegrityException(
              "run "
                  + folder.getFileName()
                  + " is damaged, and what it refers to can't be known: "
                  + scanned.report().problems().get(0)
                  + "; nothing was removed; `plumbline store verify` says more; erase the run, or"
                  + " restore it from a backup");
        }
        state = scanned.state();
      }
      referenced.addAll(StoreView.references(state).keySet());
    } catch (NoSuchFileException e) {
      // Erased just now.
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  // ---- removing

  private void removeContents(List<Path> contents) {
    int done = 0;
    for (Path file : contents) {
      progress.at("looking at contents:", done++, contents.size());
      String digest = StoreFiles.digestOf(file);
      if (digest == null || referenced.contains(digest)) {
        continue;
      }
      if (isYoung(file)) {
        tooYoung++;
      } else {
        removeContent(file);
      }
    }
  }

  private boolean isYoung(Path file) {
    long modified = StoreFiles.modified(file);
    boolean young = modified >= cutoff;
    heldByWriters |= young && modified < graceCutoff;
    return young;
  }

  /**
   * Removes a content in two steps: away under another name, and only then, if nobody has asked for
   * it in between, for good. Whoever keeps the same content meanwhile either sees it and makes it
   * young, or does not see it and writes it again.
   */
  private void removeContent(Path file) {
    long bytes = size(file);
    if (!dryRun) {
      Path away = view.root().resolve("blobs").resolve("tmp").resolve("gc-" + UUID.randomUUID());
      try {
        Files.createDirectories(away.resolveSibling("."));
        Files.move(file, away);
        if (StoreFiles.modified(away) >= cutoff) {
          putBack(away, file);
          tooYoung++;
          return;
        }
        Files.deleteIfExists(away);
      } catch (NoSuchFileException e) {
        return; // another clean-up was first
      } catch (IOException e) {
        throw new StoreException(file + " can't be removed: " + e, e);
      }
    }
    add(file, bytes, Reason.UNREFERENCED);
  }

  private static void putBack(Path away, Path file) throws IOException {
    try {
      Files.move(away, file);
    } catch (FileAlreadyExistsException e) {
      Files.deleteIfExists(away); // written again meanwhile
    }
  }

  private void removeTemporary() {
    for (Path file : StoreFiles.below(view.root().resolve("blobs").resolve("tmp"))) {
      removeIfOld(file, Reason.TEMPORARY);
    }
    for (Path folder : view.registry().folders()) {
      StoreFiles.below(folder).stream()
          .filter(file -> file.toString().endsWith(".tmp"))
          .forEach(file -> removeIfOld(file, Reason.TEMPORARY));
    }
    for (String room : List.of("experiments", "runs")) {
      for (Path folder : StoreFiles.children(view.root().resolve(room))) {
        if (Files.isDirectory(folder) && !isErased(folder)) {
          StoreFiles.children(folder).stream()
              .filter(file -> file.toString().endsWith(".tmp"))
              .forEach(file -> removeIfOld(file, Reason.TEMPORARY));
        }
      }
    }
  }

  private void removeErased() {
    for (Path folder : StoreFiles.children(view.root().resolve("runs"))) {
      if (Files.isDirectory(folder) && isErased(folder) && !isYoung(folder)) {
        StoreFiles.children(folder).forEach(file -> remove(file, Reason.ERASED));
        if (!dryRun) {
          delete(folder);
        }
      }
    }
  }

  private static boolean isErased(Path folder) {
    return String.valueOf(folder.getFileName()).startsWith(".");
  }

  private void removeIfOld(Path file, Reason reason) {
    if (!isYoung(file)) {
      remove(file, reason);
    }
  }

  private void remove(Path file, Reason reason) {
    long bytes = size(file);
    if (!dryRun) {
      delete(file);
    }
    add(file, bytes, reason);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StoreException(file + " can't be removed: " + e, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private void add(Path file, long bytes, Reason reason) {
    removed.add(
        new Removed(view.root().relativize(file).toString().replace('\\', '/'), bytes, reason));
  }
}
