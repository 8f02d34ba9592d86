package io.plumbline.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param heapRing whether its ring was in memory, so that what it held is lost
   * @param torn how many bytes stand behind the last whole frames of its segments
   * @param problems what else is wrong, as sentences
   */
  public record Report(
      String writer,
      long recovered,
      long damaged,
      long unpublished,
      long unknown,
      boolean heapRing,
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
      if (heapRing) {
        text.append("; its ring was in memory, so metrics of its last moments may be lost");
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
    private final Map<Integer, WriterLog.Key> byRing = new HashMap<>();
    private final List<Ring.Slot> missing = new ArrayList<>();

    DeadRun(Path folder, WriterView view) {
      this.folder = folder;
      this.view = view;
      view.keys().forEach(key -> byRing.put(key.ring(), key));
    }
  }

  private final Path store;
  private final JournalOptions options;
  private final String writer;
  private final WriterFolder dead;
  private final List<DeadRun> runs = new ArrayList<>();
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
    List<Report> reports = new ArrayList<>();
    for (String writer : WriterFolder.ids(store)) {
      WriterFolder dead = WriterFolder.takeOver(store, writer, options.time(), options.lostNanos());
      if (dead != null) {
        try (dead) {
          reports.add(new Recovery(store, options, writer, dead).run());
          dead.delete();
        }
      }
    }
    return reports;
  }

  private Report run() throws IOException {
    findRuns();
    List<String> problems = new ArrayList<>();
    boolean heapRing = !Files.exists(dead.ring());
    if (!heapRing) {
      ByteBuffer slots = Ring.readFile(dead.ring());
      if (slots == null) {
        problems.add("its ring is damaged and skipped: " + dead.ring());
      } else {
        sort(slots);
      }
    }
    long torn = 0;
    for (DeadRun run : runs) {
      append(run);
      torn += run.view.report().torn();
      problems.addAll(run.view.report().problems());
    }
    return new Report(writer, recovered, damaged, unpublished, unknown, heapRing, torn, problems);
  }

  private void findRuns() throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(store.resolve("runs"))) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder) && !new WriterLog(folder, writer).segments().isEmpty()) {
          DeadRun run = new DeadRun(folder, WriterView.load(folder, writer));
          runs.add(run);
          run.byRing.keySet().forEach(ring -> byRing.put(ring, run));
        }
      }
    } catch (NoSuchFileException e) {
      // A store without runs.
    }
  }

  /**
   * Finds out what the segments miss. The ring's numbers up to the highest one were all claimed,
   * each at its own place; a place that shows an older number, or none, belongs to a call that
   * never returned.
   */
  private void sort(ByteBuffer slots) {
    int capacity = slots.capacity() / Ring.SLOT;
    long writtenEnd = runs.stream().mapToLong(run -> run.view.ringEnd()).max().orElse(0);
    long highest = -1;
    for (int i = 0; i < capacity; i++) {
      Ring.Slot slot = Ring.read(slots, i);
      // Nobody is so far ahead of the writer: such a number is damage that passed the check.
      if (slot != null && slot.intact() && slot.sequence() < writtenEnd + 64L * capacity) {
        highest = Math.max(highest, slot.sequence());
      }
    }
    for (int i = 0; i < capacity; i++) {
      long expected = highest - Math.floorMod(highest - i, (long) capacity);
      if (expected >= 0 && highest >= 0) {
        sort(Ring.read(slots, i), expected, capacity, writtenEnd);
      }
    }
  }

  private void sort(Ring.@Nullable Slot slot, long expected, int capacity, long writtenEnd) {
    DeadRun run = slot == null ? null : byRing.get(slot.key());
    if (slot == null || slot.sequence() == expected - capacity) {
      unpublished += expected >= writtenEnd ? 1 : 0;
    } else if (run != null && slot.sequence() == expected) {
      if (expected >= run.view.ringEnd()) {
        if (slot.intact()) {
          run.missing.add(slot);
        } else {
          damaged++;
        }
      }
    } else if (expected >= writtenEnd && slot.key() != Ring.VOID_KEY) {
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
            options.disk(),
            id == null ? String.valueOf(dead.folder.getFileName()) : id,
            dead.folder,
            writer,
            options.time().millis(),
            options.segmentBytes(),
            false,
            view.state(),
            lastSegment(dead.folder, view),
            view.ringEnd());
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
    if (appender.dirty()) {
      appender.write();
      RunWriter.SyncPoint point = appender.detach();
      if (point != null) {
        IOException error = SyncThread.run(new SyncThread.Round(List.of(), List.of(point))).error();
        if (error != null) {
          throw error;
        }
      }
    }
    appender.writeSummary();
  }

  /** The position behind all segments: the last may be unreadable, and is not to be overwritten. */
  private WriterLog.Position lastSegment(Path folder, WriterView view) throws IOException {
    List<Integer> numbers = new WriterLog(folder, writer).segments();
    WriterLog.Position end = view.report().end();
    int last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    return last <= end.segment() ? end : new WriterLog.Position(last, 0, end.ordinal());
  }
}
