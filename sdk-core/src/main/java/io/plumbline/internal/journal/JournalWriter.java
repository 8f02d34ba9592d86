package io.plumbline.internal.journal;

import io.plumbline.Delivery;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
  /** The most memory that waits for fsyncs. */
  static final long RETAIN = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** So long after its end a run takes points that were logged while it ended. */
  static final long FORGET_AFTER = 10_000_000_000L;

  private static final int BATCH = 16 * 1024;
  private static final int BACKLOG = 8 * 1024;
  private static final long MILLI = 1_000_000L;

  /** Something to do in its place in the order of records. */
  private record Control(
      long after, boolean soon, Runnable action, @Nullable RunWriter run, Receipt receipt) {}

  private final Journal journal;
  private final Path store;
  private final Time time;
  private final String writer;
  private final Ring ring;
  private final @Nullable String ringNote;
  private final Thread thread;
  private final OpenRuns openRuns;
  private final SyncRounds rounds;
  private final Housekeeping housekeeping;
  private final OncePerMinute warnings;

  private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pendingControls = new AtomicInteger();
  private final Drops drops = new Drops();

  // written by this thread, or once, and read by all
  private volatile long written;
  private volatile boolean waitingIsUseless;
  private volatile Drops.@Nullable Reason refusal;
  private volatile @Nullable String problem;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile boolean clean;
  private volatile long deadline;

  // of this thread alone
  private long drained;
  private boolean blocked;
  private int failures;
  private final Set<RunWriter> runs = new LinkedHashSet<>();
  private final List<RunWriter> dirty = new ArrayList<>();
  private final List<RunWriter> closed = new ArrayList<>();
  private final List<Receipt> framed = new ArrayList<>();

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
    this.time = options.time();
    this.writer = writer;
    this.ring = ring;
    this.ringNote = ringNote;
    this.warnings = new OncePerMinute(LoggerFactory.getLogger("io.plumbline.journal"), time);
    this.thread = Threads.daemon("writer", this::loop);
    this.openRuns = new OpenRuns(store, options, writer, warnings);
    this.rounds = new SyncRounds(options, warnings, this::wake);
    this.housekeeping = new Housekeeping(store, options, writer, folder, rounds::execute);
  }

  void start() {
    rounds.start();
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  // ---- what callers do

  RunWriter openRun(String runId, long lastStamp) {
    return openRuns.open(runId, lastStamp, run -> submit(false, run::reopen, run));
  }

  Receipt closeRun(RunWriter run) {
    Receipt[] receipt = new Receipt[1];
    openRuns.close(run, last -> receipt[0] = submit(true, last ? () -> close(run) : () -> {}, run));
    return receipt[0];
  }

  Receipt drop(String runId) {
    RunWriter run = openRuns.drop(runId);
    return submit(false, run == null ? () -> {} : () -> drop(run), null);
  }

  Receipt submit(boolean soon, Runnable action, @Nullable RunWriter run) {
    Receipt receipt = new Receipt();
    pendingControls.incrementAndGet();
    controls.add(new Control(ring.tail(), soon, action, run, receipt));
    if (ended) {
      abandonControls();
    }
    wake();
    return receipt;
  }

  Receipt flush() {
    Receipt flushed = new Receipt();
    submit(true, () -> rounds.flush(flushed), null);
    return flushed;
  }

  void syncLater(Path file) {
    rounds.blob(file);
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
    warnings.warn(
        "ring full",
        () -> "metrics are dropped: the journal in " + store + " can't keep up" + because());
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
    String health = problem != null ? problem : rounds.problem();
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
        List.of(),
        health);
  }

  boolean close(long nanos) {
    long limit = System.nanoTime() + nanos;
    if (!closing) {
      deadline = limit;
      refusal = Drops.Reason.CLOSED;
      closing = true;
    }
    wake();
    boolean interrupted = false;
    long left = nanos + 100 * MILLI;
    while (thread.isAlive() && left > 0) {
      try {
        thread.join(Math.max(1, left / MILLI));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = limit + 100 * MILLI - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return clean;
  }

  // ---- the thread

  private void loop() {
    long nap =
        (ring.isMapped() ? 50 : 5) * MILLI; // what a ring in memory has is at stake meanwhile
    while (!ended) {
      Thread.interrupted(); // nothing of ours interrupts this thread, and nobody may stop it so
      boolean more = false;
      boolean done = false;
      try {
        more = pass();
        done = closing && !blocked && finish();
      } catch (RuntimeException | Error e) {
        // Whatever it is, this thread goes on: it is the only one that can save what was accepted.
        problem = "the writer failed and goes on: " + e;
        warnings.warn("writer failed", "the writer of " + store + " failed and goes on: " + e);
        failures++;
        blocked = true;
      }
      if (done || (closing && System.nanoTime() - deadline >= 0)) {
        end(done);
      } else if (!more) {
        LockSupport.parkNanos(this, closing ? MILLI : nap);
      }
    }
  }

  /** Frames, writes, admits and syncs; returns whether there is more to do at once. */
  private boolean pass() {
    for (RunWriter failed : rounds.finished()) {
      relocate(failed);
    }
    if (closing) {
      ring.seal();
      rounds.soon();
    }
    long before = drained;
    if (!blocked && !rounds.crowded()) {
      frame();
    }
    blocked = !writeDirty();
    if (!blocked) {
      written = drained;
      kept();
      closed.forEach(this::retire);
      closed.clear();
    }
    admit();
    press();
    if (!blocked) {
      rounds.begin(openRuns.retained().bytes > RETAIN / 2);
    }
    if (housekeeping.due()) {
      housekeeping();
    }
    boolean behind = ring.tail() - drained >= BACKLOG && drained > before;
    return !blocked && !rounds.crowded() && (behind || controlIsDue());
  }

  private boolean controlIsDue() {
    Control next = controls.peek();
    return next != null && next.after() <= drained;
  }

  // ---- framing

  private void frame() {
    // The tail first: what is handed over from now on belongs behind all that is drained here.
    long end = Math.min(ring.tail(), drained + BATCH);
    Control next = controls.peek();
    drain(next == null ? end : Math.min(end, next.after()));
    for (int i = 0; next != null && next.after() <= drained && i < BATCH; i++) {
      apply(next);
      controls.poll();
      next = controls.peek();
    }
  }

  private void drain(long end) {
    while (drained < end) {
      long at = drained;
      if (!ring.published(at)) {
        if (!ring.takeAbandoned(at)) {
          return;
        }
      } else {
        KeySlot slot = journal.slot(ring.key(at));
        if (slot == null) {
          drops.add(Drops.Reason.RUN_ENDED, 1);
        } else {
          if (!slot.run.listed) {
            list(slot.run);
          }
          slot.run.point(slot, ring.value(at), ring.step(at), ring.time(at), at);
        }
      }
      drained = at + 1;
    }
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
      list(run);
    }
    if (control.soon()) {
      rounds.soon();
    }
    framed.add(control.receipt());
  }

  private void list(RunWriter run) {
    if (!run.listed) {
      run.listed = true;
      dirty.add(run);
      runs.add(run);
    }
  }

  private void close(RunWriter run) {
    run.close();
    closed.add(run);
  }

  private void drop(RunWriter run) {
    journal.forget(run);
    run.abandon();
    rounds.drop(run);
    runs.remove(run);
    dirty.remove(run);
    closed.remove(run);
    run.listed = false;
  }

  // ---- writing

  /** Writes what is framed; returns whether all of it could be written. */
  private boolean writeDirty() {
    List<RunWriter> left = new ArrayList<>();
    for (RunWriter run : dirty) {
      try {
        write(run);
        run.listed = false;
      } catch (IOException e) {
        left.add(run);
        writeFailed(run, e);
      }
    }
    dirty.clear();
    dirty.addAll(left);
    if (left.isEmpty() && failures > 0) {
      failures = 0;
      problem = null;
    }
    return left.isEmpty();
  }

  private void write(RunWriter run) throws IOException {
    if (run.dirty()) {
      if (run.isFull()) {
        rounds.detach(run);
      }
      run.write();
      rounds.wrote(run);
    }
  }

  private void writeFailed(RunWriter run, IOException e) {
    problem = "can't write to " + run.folder() + ": " + e.getMessage() + "; it is tried again";
    warnings.warn("write failed", problem);
    housekeeping.checkSpaceNow();
    // A file that fails again and again although there is room is given up for a new one, ever more
    // rarely: a disk quota looks like room, and would leave a new file each time.
    failures++;
    if (failures % 3 == 0 && Integer.bitCount(failures / 3) == 1 && housekeeping.hasRoom()) {
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

  /** Keeps the promises of those whose records are written. */
  private void kept() {
    pendingControls.addAndGet(-framed.size());
    framed.forEach(Receipt::complete);
    framed.clear();
  }

  /** Lets callers have the slots whose records are written, if they are to be let in at all. */
  private void admit() {
    if (refusal != null) {
      ring.limit(0);
      return;
    }
    if (waitingIsUseless && ring.tail() - written <= ring.capacity() / 2) {
      waitingIsUseless = false;
    }
    if (!waitingIsUseless) {
      ring.limit(written + ring.capacity());
    }
  }

  /** Forgets chunks when too much memory waits for fsyncs that do not come. */
  private void press() {
    if (openRuns.retained().bytes > RETAIN) {
      runs.forEach(run -> run.forget(RETAIN / 2 / runs.size()));
    }
  }

  // ---- now and then

  private void housekeeping() {
    housekeeping.run();
    refusal = closing ? Drops.Reason.CLOSED : housekeeping.refusal();
    admit();
    if (blocked) {
      return;
    }
    for (RunWriter run : List.copyOf(runs)) {
      run.tellDrops(time.millis());
      if (run.dirty()) {
        list(run);
      } else {
        tend(run);
      }
    }
  }

  private void tend(RunWriter run) {
    if (!run.isClosed()) {
      rounds.summarize(run);
      return;
    }
    retire(run);
    if (run.closedFor() > FORGET_AFTER && openRuns.forget(run)) {
      journal.forget(run);
      runs.remove(run);
    }
  }

  /** Gives a closed run's file back. */
  private void retire(RunWriter run) {
    if (run.isClosed() && !run.dirty()) {
      rounds.summarize(run);
      rounds.detach(run);
    }
  }

  // ---- the end

  /** Returns whether nothing is left to do. */
  private boolean finish() {
    if (drained != ring.tail() || !controls.isEmpty() || !dirty.isEmpty()) {
      return false;
    }
    for (RunWriter run : runs) {
      run.close();
      if (run.dirty()) {
        list(run);
      } else {
        retire(run);
      }
    }
    return dirty.isEmpty() && rounds.idle();
  }

  private void end(boolean done) {
    long left = Math.max(1, (deadline - System.nanoTime()) / MILLI);
    rounds.end(done ? 1_000 : left);
    runs.forEach(RunWriter::abandon);
    WriterFolder folder = housekeeping.folder();
    try {
      if (folder != null && done) {
        folder.delete();
      } else if (folder != null) {
        folder.abandon();
      }
    } catch (IOException e) {
      warnings.warn("folder", "the folder of writer " + writer + " could not be removed: " + e);
    }
    clean = done;
    ended = true;
    framed.forEach(Receipt::abandon);
    abandonControls();
    warnings.flush();
  }

  /** Lets go of those who handed something over that nobody will write any more. */
  private void abandonControls() {
    for (Control control = controls.poll(); control != null; control = controls.poll()) {
      control.receipt().abandon();
    }
  }
}
