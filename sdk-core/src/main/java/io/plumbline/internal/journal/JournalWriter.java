package io.plumbline.internal.journal;

import io.plumbline.Delivery;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: moves records from the ring and from the calls that hand them over to the
 * runs' segment files, in the order in which they were accepted.
 *
 * <p>A pass frames some records, writes what is framed, and only then lets callers have the ring's
 * slots again. A write that fails is tried again where it stopped; meanwhile the ring fills up, and
 * what it holds survives the process.
 */
final class JournalWriter {
  private static final int BATCH = 16 * 1024;
  private static final int BACKLOG = 8 * 1024;
  private static final long NAP = 50_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long RETAIN = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** Something to do in its place in the order of records. */
  private record Control(
      long after, boolean soon, Runnable action, @Nullable RunWriter run, Receipt receipt) {}

  private final Journal journal;
  private final Path store;
  private final JournalOptions options;
  private final Time time;
  private final String writer;
  private final Ring ring;
  private final @Nullable String ringNote;
  private final @Nullable WriterFolder folder;
  private final Thread thread;
  private final SyncThread sync;
  private final Housekeeping housekeeping;
  private final OncePerMinute warnings;

  private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pendingControls = new AtomicInteger();
  private final Queue<Path> blobs = new ConcurrentLinkedQueue<>();
  private final Drops drops = new Drops();
  private final ReentrantLock runLock = new ReentrantLock();
  private final Map<String, RunWriter> openRuns = new HashMap<>();

  // written by this thread, read by all
  private volatile long written;
  private volatile boolean waitingIsUseless;
  private volatile Drops.@Nullable Reason refusal;
  private volatile @Nullable String problem;
  private volatile boolean closing;
  private volatile long deadline = Long.MAX_VALUE;
  private volatile boolean clean;

  // of this thread alone
  private long drained;
  private boolean blocked;
  private int failures;
  private boolean syncSoon;
  private long lastSync;
  private SyncThread.@Nullable Round inFlight;
  private final Set<RunWriter> runs = new LinkedHashSet<>();
  private final List<RunWriter> dirty = new ArrayList<>();
  private final List<RunWriter.SyncPoint> detached = new ArrayList<>();
  private final List<Receipt> framed = new ArrayList<>();
  private final List<Receipt> flushes = new ArrayList<>();
  private List<Receipt> flushesInFlight = new ArrayList<>();

  JournalWriter(
      Journal journal,
      Path store,
      JournalOptions options,
      String writer,
      @Nullable WriterFolder folder,
      Ring ring,
      @Nullable String ringNote) {
    this.journal = journal;
    this.store = store;
    this.options = options;
    this.time = options.time();
    this.writer = writer;
    this.folder = folder;
    this.ring = ring;
    this.ringNote = ringNote;
    this.warnings = new OncePerMinute(LoggerFactory.getLogger("io.plumbline.journal"), time);
    this.thread = Threads.daemon("writer", this::loop);
    this.sync = new SyncThread(this::wake);
    this.housekeeping = new Housekeeping(store, options, folder);
  }

  void start() {
    lastSync = time.nanos();
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  // ---- what callers do

  /** Opens a run, again if it is open or was: one run has one writer here, for its files' sake. */
  RunWriter openRun(String runId, long lastStamp) {
    runLock.lock();
    try {
      RunWriter run = openRuns.get(runId);
      if (run == null) {
        run = newRun(runId, lastStamp);
        openRuns.put(runId, run);
      } else {
        submit(false, run::reopen, run);
      }
      run.users++;
      return run;
    } finally {
      runLock.unlock();
    }
  }

  private RunWriter newRun(String runId, long lastStamp) {
    Path runFolder = store.resolve("runs").resolve(RunFolders.name(runId));
    RunState state = new RunState();
    WriterLog.Position at = WriterLog.Position.START;
    int keys = 0;
    try {
      WriterView earlier = WriterView.load(runFolder, writer);
      state = earlier.state();
      at = earlier.report().end();
      keys = earlier.keys().stream().mapToInt(key -> key.id() + 1).max().orElse(0);
    } catch (IOException e) {
      warnings.warn("reopen", "run " + runId + " can't be read before it goes on: " + e);
    }
    state.advance(lastStamp);
    RunWriter run =
        new RunWriter(
            options.disk(),
            runId,
            runFolder,
            writer,
            time.millis(),
            options.segmentBytes(),
            options.fsync() != FsyncPolicy.NONE,
            state,
            at,
            0);
    run.nextKey.set(keys);
    return run;
  }

  Receipt closeRun(RunWriter run) {
    runLock.lock();
    try {
      boolean last = --run.users == 0;
      return submit(true, last ? run::close : () -> {}, run);
    } finally {
      runLock.unlock();
    }
  }

  Receipt drop(String runId) {
    runLock.lock();
    try {
      RunWriter run = openRuns.remove(runId);
      return submit(
          false,
          () -> {
            if (run != null) {
              journal.forget(run);
              run.abandon();
              runs.remove(run);
            }
          },
          null);
    } finally {
      runLock.unlock();
    }
  }

  private void forget(RunWriter run) {
    runLock.lock();
    try {
      if (run.users == 0) {
        openRuns.remove(run.runId());
        journal.forget(run);
        runs.remove(run);
      }
    } finally {
      runLock.unlock();
    }
  }

  Receipt submit(boolean soon, Runnable action, @Nullable RunWriter run) {
    Receipt receipt = new Receipt();
    pendingControls.incrementAndGet();
    controls.add(new Control(ring.tail(), soon, action, run, receipt));
    wake();
    return receipt;
  }

  Receipt flush() {
    Receipt flushed = new Receipt();
    submit(true, () -> flushes.add(flushed), null);
    return flushed;
  }

  void syncLater(Path file) {
    blobs.add(file);
  }

  Drops.@Nullable Reason refusal() {
    return refusal;
  }

  boolean mayWait() {
    return !waitingIsUseless;
  }

  /** Lets callers drop at once until the ring is half empty: one of them has waited in vain. */
  void stopWaiting() {
    waitingIsUseless = true;
    ring.limit(0);
    warnings.warn(
        "ring full", "metrics are dropped: the journal in " + store + " can't keep up" + because());
    wake();
  }

  private String because() {
    String why = problem;
    return why == null ? "" : ": " + why;
  }

  void dropped(Drops.Reason reason, long n) {
    drops.add(reason, n);
  }

  Delivery delivery() {
    long done = written;
    long accepted = Math.max(done, ring.tail());
    long age = accepted > done && ring.published(done) ? time.millis() - ring.time(done) : 0;
    String health = problem;
    if (health == null && refusal != null && refusal != Drops.Reason.CLOSED) {
      health = housekeeping.explanation();
    }
    return new Delivery(
        accepted,
        done,
        pendingControls.get(),
        drops.all(),
        Duration.ofMillis(Math.max(0, age)),
        ring.isMapped() ? "mapped" : ringNote == null ? "heap" : "heap: " + ringNote,
        health);
  }

  boolean close(Duration timeout) {
    long limit = System.nanoTime() + timeout.toNanos();
    if (!closing) {
      deadline = limit;
      refusal = Drops.Reason.CLOSED;
      closing = true;
    }
    wake();
    boolean interrupted = false;
    while (thread.isAlive() && System.nanoTime() < limit + SECOND / 10) {
      try {
        thread.join(Math.max(1, (limit - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return clean;
  }

  // ---- the thread

  private void loop() {
    while (true) {
      boolean more = false;
      try {
        more = pass();
        if (closing && finish()) {
          return;
        }
      } catch (RuntimeException | Error e) {
        // Whatever it is, this thread goes on: it is the only one that can save what was accepted.
        problem = "the writer failed and goes on: " + e;
        warnings.warn("writer failed", "the writer of " + store + " failed and goes on: " + e);
        blocked = true;
      }
      if (!more) {
        LockSupport.parkNanos(this, closing ? NAP / 50 : NAP);
      }
    }
  }

  /** Frames, writes, releases and syncs; returns whether there is more to do at once. */
  private boolean pass() {
    if (!blocked) {
      frame();
    }
    blocked = !writeDirty();
    if (!blocked) {
      release();
    }
    syncs();
    housekeeping();
    return !blocked && (ring.tail() - drained >= BACKLOG || controlIsDue());
  }

  private boolean controlIsDue() {
    Control next = controls.peek();
    return next != null && next.after() <= drained;
  }

  private void frame() {
    Control next = controls.peek();
    long end = Math.min(ring.tail(), drained + BATCH);
    if (next != null) {
      end = Math.min(end, next.after());
    }
    drain(end);
    for (int i = 0; next != null && next.after() <= drained && i < BATCH; i++) {
      controls.poll();
      apply(next);
      next = controls.peek();
    }
  }

  private void drain(long end) {
    long at = drained;
    while (at < end && ring.published(at)) {
      KeySlot slot = journal.slot(ring.key(at));
      if (slot != null) {
        if (!slot.run.listed) {
          list(slot.run);
        }
        slot.run.point(slot, ring.value(at), ring.step(at), ring.time(at), at);
      } else if (ring.key(at) != Ring.VOID_KEY) {
        drops.add(Drops.Reason.RUN_ENDED, 1);
      }
      at++;
    }
    drained = at;
  }

  private void apply(Control control) {
    try {
      control.action().run();
    } catch (RuntimeException e) {
      problem = "a record could not be framed: " + e;
      warnings.warn("framing", "a record could not be framed and is lost: " + e);
    }
    RunWriter run = control.run();
    if (run != null) {
      runs.add(run);
      list(run);
    }
    syncSoon |= control.soon();
    framed.add(control.receipt());
  }

  private void list(RunWriter run) {
    if (!run.listed) {
      run.listed = true;
      dirty.add(run);
    }
  }

  /** Writes what is framed; returns whether all of it could be written. */
  private boolean writeDirty() {
    while (!dirty.isEmpty()) {
      RunWriter run = dirty.get(dirty.size() - 1);
      try {
        if (run.dirty()) {
          RunWriter.SyncPoint full = run.write();
          run.needsSync = true;
          if (full != null) {
            detached.add(full);
          }
        }
      } catch (IOException e) {
        writeFailed(run, e);
        return false;
      }
      run.listed = false;
      runs.add(run);
      dirty.remove(dirty.size() - 1);
    }
    if (failures > 0) {
      failures = 0;
      problem = null;
    }
    return true;
  }

  private void writeFailed(RunWriter run, IOException e) {
    problem = "can't write to " + run.folder() + ": " + e.getMessage() + "; it is tried again";
    warnings.warn("write failed", problem);
    housekeeping.checkSpaceNow();
    // A file that fails again and again although there is room is given up for a new one.
    if (++failures % 3 == 0 && housekeeping.hasRoom()) {
      relocate(run);
    }
  }

  private void relocate(RunWriter run) {
    long gone = run.relocate();
    if (gone > 0) {
      warnings.warn(
          "forgotten",
          gone + " bytes of run " + run.runId() + " are only where an fsync has failed");
    }
    list(run);
  }

  private void release() {
    written = drained;
    pendingControls.addAndGet(-framed.size());
    framed.forEach(Receipt::complete);
    framed.clear();
    if (refusal != null) {
      ring.limit(0);
    } else if (!waitingIsUseless) {
      ring.limit(drained + ring.capacity());
    } else if (ring.tail() - drained <= ring.capacity() / 2) {
      waitingIsUseless = false;
      ring.limit(drained + ring.capacity());
    }
  }

  // ---- syncing

  private void syncs() {
    SyncThread.Outcome outcome = sync.poll();
    if (outcome != null) {
      inFlight = null;
      synced(outcome);
    }
    if (blocked || inFlight != null) {
      return;
    }
    if (options.fsync() == FsyncPolicy.NONE) {
      closeDetached();
      flushes.forEach(Receipt::complete);
      flushes.clear();
      return;
    }
    long unsynced = 0;
    for (RunWriter run : runs) {
      unsynced += run.unsyncedBytes();
    }
    boolean due =
        syncSoon
            || options.fsync() == FsyncPolicy.BATCH
            || !flushes.isEmpty()
            || !detached.isEmpty()
            || unsynced > RETAIN / 2
            || time.nanos() - lastSync >= options.fsyncNanos();
    if (due) {
      startRound();
    }
  }

  private void startRound() {
    syncSoon = false;
    lastSync = time.nanos();
    List<RunWriter.SyncPoint> points = new ArrayList<>(detached);
    detached.clear();
    for (RunWriter run : runs) {
      if (run.needsSync) {
        run.needsSync = false;
        RunWriter.SyncPoint point = run.syncPoint();
        if (point != null) {
          points.add(point);
        }
      }
    }
    List<Path> files = new ArrayList<>();
    for (Path blob = blobs.poll(); blob != null; blob = blobs.poll()) {
      files.add(blob);
    }
    flushesInFlight.addAll(flushes);
    flushes.clear();
    if (points.isEmpty() && files.isEmpty()) {
      completeFlushes();
      return;
    }
    SyncThread.Round round = new SyncThread.Round(files, points);
    inFlight = round;
    sync.submit(round);
  }

  private void completeFlushes() {
    flushesInFlight.forEach(Receipt::complete);
    flushesInFlight = new ArrayList<>();
  }

  private void synced(SyncThread.Outcome outcome) {
    for (RunWriter.SyncPoint point : outcome.round().points()) {
      if (!outcome.failed().contains(point)) {
        point.run().synced(point.serial());
      }
    }
    if (outcome.error() == null) {
      completeFlushes();
      return;
    }
    problem = "an fsync failed: " + outcome.error().getMessage();
    warnings.warn(
        "fsync failed",
        "an fsync in " + store + " failed, what it covered is written again: " + outcome.error());
    failures++;
    for (RunWriter.SyncPoint point : outcome.failed()) {
      relocate(point.run());
    }
    // Their records are to be synced in the new files first.
    flushes.addAll(flushesInFlight);
    flushesInFlight = new ArrayList<>();
  }

  private void closeDetached() {
    for (RunWriter.SyncPoint point : detached) {
      try {
        point.file().close();
      } catch (IOException e) {
        warnings.warn("close", "a segment could not be closed: " + e);
      }
    }
    detached.clear();
  }

  // ---- now and then

  private void housekeeping() {
    if (!housekeeping.due()) {
      return;
    }
    housekeeping.run();
    Drops.Reason now = closing ? Drops.Reason.CLOSED : housekeeping.refusal();
    if (now != refusal) {
      refusal = now;
      release();
    }
    long held = 0;
    for (RunWriter run : List.copyOf(runs)) {
      if (!blocked) {
        tend(run);
      }
      held += run.unsyncedBytes();
    }
    if (held > RETAIN) {
      runs.forEach(run -> run.forget(RETAIN / runs.size()));
    }
  }

  private void tend(RunWriter run) {
    run.tellDrops(time.millis());
    if (run.dirty()) {
      list(run);
      return;
    }
    summarize(run);
    if (run.isClosed()) {
      RunWriter.SyncPoint last = run.detach();
      if (last != null) {
        detached.add(last);
      } else if (housekeeping.longAgo(run)) {
        forget(run);
      }
    }
  }

  private void summarize(RunWriter run) {
    if (run.summaryDue()) {
      try {
        run.writeSummary();
      } catch (IOException e) {
        warnings.warn("summary", "the summary of run " + run.runId() + " waits: " + e);
      }
    }
  }

  /** Returns whether nothing is left to do, or no time is left to do it. */
  private boolean finish() {
    boolean done =
        !blocked
            && drained == ring.tail()
            && controls.isEmpty()
            && dirty.isEmpty()
            && inFlight == null
            && flushes.isEmpty()
            && flushesInFlight.isEmpty();
    if (done) {
      for (RunWriter run : runs) {
        if (!run.isClosed()) {
          run.close();
        }
        if (run.dirty()) {
          list(run);
          done = false;
        }
      }
    }
    if (done) {
      for (RunWriter run : runs) {
        summarize(run);
        RunWriter.SyncPoint last = run.detach();
        if (last != null) {
          detached.add(last);
          done = options.fsync() == FsyncPolicy.NONE;
        }
      }
      closeDetachedIfLast();
    }
    if (!done && System.nanoTime() < deadline) {
      return false;
    }
    end(done);
    return true;
  }

  private void closeDetachedIfLast() {
    if (options.fsync() == FsyncPolicy.NONE) {
      closeDetached();
    }
  }

  private void end(boolean done) {
    sync.stop();
    framed.forEach(Receipt::complete);
    sync.awaitEnd(done ? 1_000 : Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    for (RunWriter run : runs) {
      run.abandon();
    }
    closeDetached();
    try {
      if (folder != null) {
        if (done) {
          folder.delete();
        } else {
          folder.close();
        }
      }
    } catch (IOException e) {
      warnings.warn("folder", "the folder of writer " + writer + " could not be removed: " + e);
    }
    clean = done;
    warnings.flush();
  }
}
