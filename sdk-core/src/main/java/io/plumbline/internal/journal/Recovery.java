package io.plumbline.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finishes the work of dead writers: what their rings hold and their segments do not is appended to
 * the runs, once, however often a recovery is itself interrupted.
 */
public final class Recovery {
  /**
   * What a recovery has found.
   *
   * @param writer the dead writer's id
   * @param recovered how many records of its ring were written to segments
   * @param damaged how many records of its ring failed their check and are lost
   * @param unpublished how many places of its ring were claimed by calls that had not returned
   * @param unknown how many records belong to runs that are gone
   * @param lostAtMost how many records its ring could hold, where it was in memory, so that what it
   *     held is lost; else 0
   * @param torn how many bytes stand behind the last whole frames of its segments
   * @param problems what else is wrong, as sentences
   */
  public record Report(
      String writer,
      long recovered,
      long damaged,
      long unpublished,
      long unknown,
      long lostAtMost,
      long torn,
      List<String> problems) {
    @Override
    public String toString() {
      StringBuilder text =
          new StringBuilder("a program ended without closing its journal (writer ");
      text.append(writer)
          .append("): ")
          .append(recovered)
          .append(" records recovered from its ring");
      if (lostAtMost > 0) {
        text.append("; its ring was in memory, so up to ")
            .append(lostAtMost)
            .append(" metrics of its last moments are lost");
      }
      add(text, damaged, " damaged records of its ring skipped");
      add(text, unknown, " records of runs that are gone skipped");
      add(text, torn, " bytes behind the last whole frames ignored");
      problems.forEach(problem -> text.append("; ").append(problem));
      return text.toString();
    }

    private static void add(StringBuilder text, long n, String what) {
      if (n > 0) {
        text.append("; ").append(n).append(what);
      }
    }
  }

  /** A run that the dead writer wrote. */
  private static final class DeadRun {
    private final Path folder;
    private final WriterView view;
    private final long ringEnd;
    private final Map<Integer, WriterLog.Key> byRing = new HashMap<>();
    private final List<Ring.Slot> missing = new ArrayList<>();

    DeadRun(Path folder, WriterView view) {
      this.folder = folder;
      this.view = view;
      this.ringEnd = view.ringEnd();
      view.keys().forEach(key -> byRing.put(key.ring(), key));
    }
  }

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final Path store;
  private final JournalOptions options;
  private final String writer;
  private final WriterFolder dead;
  private final List<DeadRun> runs = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<Integer, DeadRun> byRing = new HashMap<>();
  private long recovered;
  private long damaged;
  private long unpublished;
  private long unknown;

  private Recovery(Path store, JournalOptions options, String writer, WriterFolder dead) {
    this.store = store;
    this.options = options;
    this.writer = writer;
    this.dead = dead;
  }

  /** Recovers all writers of a store that are dead and that nobody else recovers. */
  public static List<Report> recoverAll(Path store, JournalOptions options) throws IOException {
    // One at a time in this process: its locks are the process's, not the thread's.
    ONE_AT_A_TIME.lock();
    try {
      return recoverDead(store, options);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private static List<Report> recoverDead(Path store, JournalOptions options) throws IOException {
    List<Report> reports = new ArrayList<>();
    Map<String, List<Path>> folders = null;
    for (String writer : WriterFolder.ids(store)) {
      WriterFolder dead = WriterFolder.takeOver(store, writer, options);
      if (dead == null) {
        continue;
      }
      try (dead) {
        folders = folders == null ? runsByWriter(store) : folders;
        Recovery recovery = new Recovery(store, options, writer, dead);
        reports.add(recovery.run(folders.getOrDefault(writer, List.of())));
      } catch (IOException | RuntimeException e) {
        // Its folder stays, with the ring: the next recovery begins where this one stopped.
        List<String> why = List.of("it can't be recovered now: " + e);
        reports.add(new Report(writer, 0, 0, 0, 0, 0, 0, why));
      }
    }
    return reports;
  }

  /** Finds out which writers have written which runs, in one look at all runs. */
  private static Map<String, List<Path>> runsByWriter(Path store) throws IOException {
    Map<String, List<Path>> byWriter = new HashMap<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(store.resolve("runs"))) {
      for (Path folder : folders) {
        for (String writer : WriterLog.writers(folder)) {
          byWriter.computeIfAbsent(writer, w -> new ArrayList<>()).add(folder);
        }
      }
    } catch (NoSuchFileException e) {
      return Map.of(); // a store without runs
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return byWriter;
  }

  private Report run(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      DeadRun run = new DeadRun(folder, WriterView.load(folder, writer));
      runs.add(run);
      run.byRing.keySet().forEach(ring -> byRing.put(ring, run));
    }
    long lostAtMost = dead.lostAtMost();
    if (Files.exists(dead.ring())) {
      readRing();
    } else if (dead.lacksRing()) {
      problems.add("its ring " + dead.ring() + " is missing, and what only it had is lost");
    }
    long torn = 0;
    for (DeadRun run : runs) {
      append(run);
      torn += run.view.report().torn();
      problems.addAll(run.view.report().problems());
    }
    dead.delete();
    return new Report(writer, recovered, damaged, unpublished, unknown, lostAtMost, torn, problems);
  }

  private void readRing() throws IOException {
    Ring.Content content = Ring.readFile(dead.ring());
    if (!content.problem().isEmpty()) {
      problems.add("of its ring " + dead.ring() + ", " + content.problem());
    }
    ByteBuffer slots = content.slots();
    if (slots != null) {
      sort(slots);
    }
    if (damaged > 0 || !content.problem().isEmpty()) {
      // Nothing that is damaged is deleted.
      Path kept = store.resolve("damaged").resolve(writer + ".ring");
      Files.createDirectories(store.resolve("damaged"));
      Files.copy(dead.ring(), kept, StandardCopyOption.REPLACE_EXISTING);
      problems.add("the damaged ring is kept as " + kept);
    }
  }

  /**
   * Finds out what the segments miss. The ring's numbers up to the highest one were all claimed,
   * each at its own place; a place that shows an older number, or none, belongs to a call that
   * never returned.
   */
  private void sort(ByteBuffer slots) {
    int capacity = slots.capacity() / Ring.SLOT;
    long writtenEnd = runs.stream().mapToLong(run -> run.ringEnd).max().orElse(0);
    long highest = highest(slots, capacity);
    for (int i = 0; i < capacity; i++) {
      long expected = highest - Math.floorMod(highest - i, (long) capacity);
      if (expected >= 0 && highest >= 0) {
        sort(Ring.read(slots, i), expected, capacity, writtenEnd);
      }
    }
  }

  /**
   * The last number that was published. One that is further ahead of all others than the ring is
   * long is damage that has passed the check.
   */
  private static long highest(ByteBuffer slots, int capacity) {
    long highest = -1;
    long second = -1;
    for (int i = 0; i < capacity; i++) {
      Ring.Slot slot = Ring.read(slots, i);
      if (slot != null && slot.intact()) {
        second = Math.max(second, Math.min(highest, slot.sequence()));
        highest = Math.max(highest, slot.sequence());
      }
    }
    return second >= 0 && highest - second > capacity ? second : highest;
  }

  private void sort(Ring.@Nullable Slot slot, long expected, int capacity, long writtenEnd) {
    DeadRun run = slot == null ? null : byRing.get(slot.key());
    if (slot == null || slot.sequence() == expected - capacity) {
      unpublished += expected >= writtenEnd ? 1 : 0;
    } else if (run != null && slot.sequence() == expected) {
      if (expected >= run.ringEnd) {
        if (slot.intact()) {
          run.missing.add(slot);
        } else {
          damaged++;
        }
      }
    } else if (expected >= writtenEnd) {
      if (slot.intact()) {
        unknown++;
      } else {
        damaged++;
      }
    }
  }

  private void append(DeadRun dead) throws IOException {
    WriterView view = dead.view;
    String id = view.state().run();
    RunWriter appender =
        new RunWriter(
            options,
            id == null ? String.valueOf(dead.folder.getFileName()) : id,
            dead.folder,
            writer,
            view,
            null);
    Map<Integer, KeySlot> slots = new HashMap<>();
    for (WriterLog.Key key : view.keys()) {
      KeySlot slot = new KeySlot(appender, key);
      appender.adopt(slot);
      slots.put(key.ring(), slot);
    }
    dead.missing.sort(Comparator.comparingLong(Ring.Slot::sequence));
    for (Ring.Slot missing : dead.missing) {
      @Nullable KeySlot slot = slots.get(missing.key());
      if (slot != null) {
        appender.point(slot, missing.value(), missing.step(), missing.time(), missing.sequence());
        recovered++;
      }
    }
    List<RunWriter.SyncPoint> points = new ArrayList<>();
    if (appender.dirty()) {
      appender.write();
      RunWriter.SyncPoint point = appender.detach();
      if (point != null) {
        points.add(point);
      }
    }
    List<SyncThread.Summary> summaries = new ArrayList<>();
    String json = appender.newSummary();
    if (json != null) {
      summaries.add(new SyncThread.Summary(appender, json));
    }
    // Without its summary a run is only slower to read: that is no reason to recover again.
    IOException error =
        SyncThread.run(new SyncThread.Round(true, List.of(), points, summaries)).error();
    if (error != null) {
      throw error;
    }
  }
}
