package io.plumbline.internal.journal;

import io.plumbline.Delivery;
import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.RingKind;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records of runs and sees to it that they get to disk.
 *
 * <p>A metric costs its caller a slot in the ring. Everything else is handed to the writer thread,
 * and the caller waits until it is in a file, but no longer than {@link #PATIENCE}: then it waits
 * in memory for the disk. Nothing here throws because of a disk; {@link #delivery} says what is
 * wrong.
 */
public final class Journal {
  /** How long a caller waits for a full ring or a slow disk, in nanoseconds. */
  static final long PATIENCE = 100_000_000L;

  /** Longer waits are as good as this one. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.journal");

  private final Path store;
  private final Time time;
  private final String writer;
  private final Ring ring;
  private final JournalWriter thread;
  private final AtomicInteger ringKeys = new AtomicInteger();
  private final KeyTable slots = new KeyTable();

  private Journal(
      Path store,
      JournalOptions options,
      String writer,
      @Nullable WriterFolder folder,
      Ring ring,
      @Nullable String note) {
    this.store = store;
    this.time = options.time();
    this.writer = writer;
    this.ring = ring;
    this.thread = new JournalWriter(this, store, options, writer, folder, ring, note);
  }

  /**
   * Opens a journal in a store, and first writes what dead writers have left in their rings.
   *
   * @throws StoreException if the store's folder can't be made or written
   */
  public static Journal open(Path store, JournalOptions options) {
    // An interrupted caller would close the files that are read and mapped here.
    boolean interrupted = Thread.interrupted();
    try {
      return openUninterrupted(store, options);
    } finally {
      restore(interrupted);
    }
  }

  private static Journal openUninterrupted(Path store, JournalOptions options) {
    try {
      Files.createDirectories(WriterFolder.all(store));
    } catch (IOException e) {
      if (!Files.isDirectory(store)) {
        throw new StoreException("the store " + store + " can't be made: " + e, e);
      }
    }
    if (!Files.isWritable(store)) {
      throw new StoreException("the store " + store + " can't be written by this user");
    }
    recover(store, options);
    String writer = newWriterId();
    Woken woken = new Woken();
    String note =
        options.ring() == RingKind.AUTO ? WriterFolder.whyNotMapped(store, options.disk()) : null;
    boolean map = options.ring() != RingKind.HEAP && note == null;
    WriterFolder folder = null;
    Ring ring = null;
    try {
      folder = WriterFolder.create(store, writer, map, options);
      if (map) {
        ring =
            Ring.mapped(
                folder.ring(),
                options.ringBytes(),
                Long.parseUnsignedLong(writer, 16),
                options.time().millis(),
                woken);
      }
    } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
      throw new StoreException("the store " + store + " can't be written: " + e, e);
    } catch (IOException e) {
      note = "no ring file can be made: " + e.getMessage();
      LOG.warn("metrics wait in memory, where a crash loses them, because {}", note);
    }
    if (ring == null) {
      ring = Ring.heap(options.ringBytes(), woken);
      sayHeap(folder, writer);
    }
    Journal journal = new Journal(store, options, writer, folder, ring, note);
    woken.thread = journal.thread;
    journal.thread.start();
    return journal;
  }

  /** A recovery must know that there never was a ring file. */
  private static void sayHeap(@Nullable WriterFolder folder, String writer) {
    try {
      if (folder != null) {
        folder.describe(writer, false);
      }
    } catch (IOException e) {
      LOG.debug("the writer's folder says that its ring is a file: {}", e.toString());
    }
  }

  /** Wakes the writer thread; made before it because the ring needs it. */
  private static final class Woken implements Runnable {
    private volatile @Nullable JournalWriter thread;

    @Override
    public void run() {
      JournalWriter writer = thread;
      if (writer != null) {
        writer.wake();
      }
    }
  }

  private static void recover(Path store, JournalOptions options) {
    try {
      for (Recovery.Report report : Recovery.recoverAll(store, options)) {
        LOG.warn("{}", report);
      }
    } catch (IOException e) {
      LOG.warn("what a crashed program left in {} can't be recovered now: {}", store, e.toString());
    }
  }

  private static String newWriterId() {
    return String.format(Locale.ROOT, "%016x", new SecureRandom().nextLong());
  }

  /** Returns the store's folder. */
  public Path store() {
    return store;
  }

  /** Returns this writer's id. */
  public String writer() {
    return writer;
  }

  // ---- runs

  /**
   * Opens a run for writing; the first event makes its files.
   *
   * @param lastStamp the highest stamp in the run's events so far; 0 for a new run
   */
  public RunWriterRef openRun(String runId, long lastStamp) {
    return new RunWriterRef(this, thread.openRun(runId, lastStamp));
  }

  /** A run that is open for writing: what clients hold. */
  public static final class RunWriterRef {
    private final Journal journal;
    private final RunWriter run;

    private RunWriterRef(Journal journal, RunWriter run) {
      this.journal = journal;
      this.run = run;
    }

    /** Returns the run's id. */
    public String runId() {
      return run.runId();
    }

    /**
     * Frames and writes an event, in the order of the calls of one thread; the run's metrics that
     * were accepted before come before it.
     *
     * @param event what {@link RunState#apply} understands, without the stamp
     * @param soon whether it is to be synced without waiting for the interval
     * @return the promise that it is in a file
     * @throws IllegalArgumentException if it is larger than readers take
     */
    public Receipt event(Map<String, @Nullable Object> event, boolean soon) {
      byte[] json = Json.bytes(event);
      if (json.length > Frames.MAX_RECORD) {
        throw new IllegalArgumentException(
            "a record of " + json.length + " bytes; at most " + Frames.MAX_RECORD + " are taken");
      }
      long now = journal.time.millis();
      return journal.thread.submit(soon, () -> run.event(event, json, now), run);
    }

    /** Makes a key of this run known, and waits until its announcement is in a file. */
    public KeySlot key(String key, @Nullable JsonObject input, @Nullable String model) {
      KeySlot slot = journal.newSlot(run, run.nextKey.getAndIncrement(), key, input, model);
      journal.thread.submit(false, () -> run.announce(slot), run).await(PATIENCE);
      return slot;
    }

    /** Gives the run's files back, when all is written. Each opening is to be closed once. */
    public Receipt close() {
      return journal.thread.closeRun(run);
    }
  }

  private KeySlot newSlot(
      RunWriter run, int id, String key, @Nullable JsonObject input, @Nullable String model) {
    int number = ringKeys.getAndIncrement();
    KeySlot slot = new KeySlot(run, new WriterLog.Key(id, number, key, input, model));
    slots.add(number, slot);
    return slot;
  }

  /** Returns the slot of that number, or null if its run has ended long ago. */
  @Nullable KeySlot slot(int number) {
    return slots.get(number);
  }

  /** Forgets the slots of a run. */
  void forget(RunWriter run) {
    run.keys().forEach(key -> slots.remove(key.ring()));
  }

  // ---- metrics

  /**
   * Takes a point, at the current time: tens of nanoseconds, no allocation.
   *
   * @return false if it was dropped, and counted
   */
  public boolean log(KeySlot slot, double value, long step) {
    return ring.offer(slot.ringKey(), value, step, time.millis()) || logSlowly(slot, value, step);
  }

  private boolean logSlowly(KeySlot slot, double value, long step) {
    Drops.Reason refusal = thread.refusal();
    if (refusal == null && thread.mayWait()) {
      long deadline = System.nanoTime() + PATIENCE;
      boolean interrupted = false;
      thread.wake();
      while (refusal == null && thread.mayWait() && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(this, 50_000);
        interrupted |= Thread.interrupted(); // or the next park returns at once
        if (ring.offer(slot.ringKey(), value, step, time.millis())) {
          restore(interrupted);
          return true;
        }
        refusal = thread.refusal();
      }
      restore(interrupted);
      if (refusal == null && thread.mayWait()) {
        thread.stopWaiting();
      }
    }
    Drops.Reason reason = refusal == null ? Drops.Reason.RING_FULL : refusal;
    thread.dropped(reason, 1);
    slot.run.drops.add(reason, 1);
    return false;
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the whole

  /** Has a file synced before the next segment: a blob that an event is about to name. */
  public void syncLater(Path file) {
    thread.syncLater(file);
  }

  /** Waits until everything that was accepted before is written, and synced as the policy says. */
  public boolean flush(Duration timeout) {
    return thread.flush().await(nanos(timeout));
  }

  /** Waits until everything that was accepted before can be read; it may not be synced yet. */
  public boolean settle(Duration timeout) {
    Receipt written = thread.submit(false, () -> {}, null);
    for (long left = timeout.toNanos(); left > 0; left -= PATIENCE) {
      if (written.await(Math.min(left, PATIENCE))) {
        return true;
      }
      if (thread.delivery().problem() != null) {
        return false; // the disk does not take it now: no reader should wait for that
      }
    }
    return false;
  }

  /** Forgets a run that is about to be erased: nothing of it is written any more. */
  public void drop(String runId) {
    thread.drop(runId).await(PATIENCE * 50);
  }

  private static long nanos(Duration timeout) {
    return timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : LONGEST.toNanos();
  }

  /** Returns where the records are. */
  public Delivery delivery() {
    return thread.delivery();
  }

  /**
   * Writes what is left, and stops.
   *
   * @return whether everything is on disk; if not, it is in the ring file, for the next program
   *     that opens the store
   */
  public boolean close(Duration timeout) {
    return thread.close(nanos(timeout));
  }
}
