package io.plumbline.serving.internal.capture;

import io.plumbline.drift.log.LogStats;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.LogStatus;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.ShipStatus;
import io.plumbline.serving.internal.LiveModels;
import io.plumbline.serving.internal.VersionFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A logger: what threads call, in front of the one thread that counts and writes. */
public final class Capture implements PredictionLogger {
  /** Years 1 to 9999, as the log's folders can name them. */
  static final long FIRST_MICROS =
      Instant.parse("0001-01-01T00:00:00Z").getEpochSecond() * 1_000_000;

  static final long LAST_MICROS =
      Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() * 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** Of these the windows have at least so many. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final long PAUSE = 100_000;

  /** 16 ints or references are a cache line at least. */
  private static final int SPREAD = 16;

  private static final int PLACES = 16;

  private final LiveModels.Inside model;
  private final CaptureOptions options;
  private final Layouts layouts;
  private final CaptureThread thread;
  private final WindowKeeper keeper;
  private final Counters counters = new Counters();
  private final OncePerMinute warnings = new OncePerMinute(LOG, Time.SYSTEM);
  private final AtomicIntegerArray busy = new AtomicIntegerArray((PLACES + 1) * SPREAD);
  private final AtomicReferenceArray<@Nullable RowBuffer> buffers =
      new AtomicReferenceArray<>((PLACES + 1) * SPREAD);
  private final @Nullable PartCourier courier;
  private volatile RowLayout latest;
  private volatile boolean closed;

  private Capture(
      LiveModels.Inside model,
      CaptureOptions options,
      PredictionLogWriter writer,
      WindowKeeper keeper,
      @Nullable PartCourier courier) {
    this.keeper = keeper;
    this.model = model;
    this.courier = courier;
    this.options = options;
    this.layouts = new Layouts(options, model.alias());
    VersionFacts serving = model.serving();
    options
        .withoutColumn(serving.columns())
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "a privacy is set for "
                      + Printable.quote(name)
                      + ", but "
                      + serving.version()
                      + " has no such column; it has "
                      + serving.columns());
            });
    tellOfProfile(serving);
    this.latest = layouts.of(serving);
    this.thread =
        new CaptureThread(
            layouts, writer, new Sampler(options), counters, warnings, options.mustLog);
  }

  /** Opens a logger of a live model. */
  public static PredictionLogger open(LiveModel model, CaptureOptions collected) {
    CaptureOptions options = collected.copy();
    LiveModels.Inside inside = LiveModels.inside(model);
    Path folder =
        options.folder == null ? inside.store().resolve(PredictionLogger.FOLDER) : options.folder;
    WindowKeeper keeper = new WindowKeeper(folder, options, new OncePerMinute(LOG, Time.SYSTEM));
    options.keeper = keeper;
    options.skewed = inside::skewed;
    PartCourier courier = PartCourier.of(inside, folder, options);
    PredictionLogWriter writer =
        PredictionLogWriter.open(
            folder, courier == null ? options.files : courier.watch(options.files));
    try {
      Capture capture = new Capture(inside, options, writer, keeper, courier);
      inside.attach(capture, capture::prepare);
      keeper.start();
      capture.thread.start();
      if (courier != null) {
        courier.start();
      }
      return capture;
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** Makes what a version's rows need before it serves, so that no request does. */
  private void prepare(VersionFacts version) {
    options
        .withoutColumn(version.columns())
        .ifPresent(
            name ->
                warnings.warn(
                    "privacy",
                    () ->
                        version.version()
                            + " has no column "
                            + Printable.quote(name)
                            + ", for which a privacy is set"));
    tellOfProfile(version);
    RowLayout made = layouts.of(version);
    if (made.ring != latest.ring) {
      latest = layouts.of(latest.facts); // in the new ring
    }
  }

  private void tellOfProfile(VersionFacts version) {
    if (version.profile() == null && (options.windows != null || options.gate != null)) {
      warnings.warn(
          "profile",
          () ->
              version.version()
                  + " came without a reference profile: its rows are logged, but there are no"
                  + " windows of them, and nobody is told of drift");
    }
  }

  @SuppressWarnings("ReferenceEquality") // which is fast, and right: a loaded version has its own
  private @Nullable RowLayout layout(Lease lease) {
    VersionFacts facts = LiveModels.facts(lease);
    RowLayout last = latest;
    if (facts == last.facts) {
      return last;
    }
    if (facts == null) {
      return null;
    }
    try {
      RowLayout found = layouts.of(facts);
      latest = found;
      return found;
    } catch (RuntimeException e) {
      warnings.warn("layout", () -> facts.version() + " can't be logged: " + e.getMessage());
      return null;
    }
  }

  // ---- rows

  @Override
  public LogRow row(Lease lease, String requestId) {
    RowLayout layout = layout(lease);
    if (layout == null) {
      return new NoRow(this);
    }
    int place = (((int) Thread.currentThread().getId() & PLACES - 1) + 1) * SPREAD;
    if (busy.get(place) != 0 || !busy.compareAndSet(place, 0, 1)) {
      return new RowBuffer(this, layout, -1).begin(layout, requestId);
    }
    RowBuffer kept = buffers.get(place);
    if (kept == null) {
      kept = new RowBuffer(this, layout, place);
      buffers.set(place, kept);
    }
    return kept.begin(layout, requestId);
  }

  void giveBack(RowBuffer buffer) {
    if (buffer.place() >= 0) {
      busy.setRelease(buffer.place(), 0);
    }
  }

  @Override
  public boolean log(Lease lease, String requestId, double[] features, double[] outputs) {
    RowLayout layout = layout(lease);
    int length = requestId.length();
    if (layout == null
        || features.length != layout.inputs
        || outputs.length < layout.outputs
        || length > layout.ring.charWidth) {
      // The long way, which also says what is wrong.
      return row(lease, requestId).features(features).prediction(outputs).commit();
    }
    Ring ring = layout.ring;
    long sequence = claim(ring);
    if (sequence == Ring.FULL) {
      return false;
    }
    int slot = ring.slot(sequence);
    int to = slot * ring.doubleWidth;
    System.arraycopy(features, 0, ring.doubles, to, layout.inputs);
    System.arraycopy(outputs, 0, ring.doubles, to + layout.cells, layout.outputs);
    requestId.getChars(0, length, ring.chars, slot * ring.charWidth);
    long flags = RowLayout.BY_POSITION | RowLayout.PREDICTED;
    layout.header(slot, RowLayout.NOW, flags, -1, RowLayout.range(0, length));
    ring.publish(sequence);
    return true;
  }

  /** Claims a slot; without one the row is counted as dropped, or, if it must be logged, waits. */
  long claim(Ring ring) {
    if (!closed) {
      long sequence = ring.claim();
      if (sequence != Ring.FULL || options.mustLog && (sequence = await(ring)) != Ring.FULL) {
        return sequence;
      }
    }
    counters.droppedFull.increment();
    return Ring.FULL;
  }

  private long await(Ring ring) {
    thread.wake();
    boolean interrupted = false;
    try {
      long sequence = Ring.FULL;
      while (sequence == Ring.FULL && !closed && !ring.isSealed() && !thread.hasEnded()) {
        LockSupport.parkNanos(PAUSE);
        interrupted |= Thread.interrupted(); // every row must be there, also of who is to end
        sequence = ring.claim();
      }
      return sequence;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean refuse(String why) {
    counters.invalid.increment();
    warnings.warn("invalid", why + "; it is not logged");
    return false;
  }

  boolean oversize() {
    counters.droppedOversize.increment();
    return false;
  }

  void unknown(RowLayout layout, String column) {
    counters.unknownValues.increment();
    warnings.warn("unknown", () -> layout.whyUnknown(column));
  }

  int longestText() {
    return options.longestText;
  }

  String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    counters.cutValues.increment();
    return Printable.start(text, longest);
  }

  // ---- looking and ending

  @Override
  public LogStatus status() {
    LogStats files = thread.files();
    long accepted = layouts.claimed();
    long dropped = counters.droppedFull.sum();
    long oversize = counters.droppedOversize.sum();
    long invalid = counters.invalid.sum();
    return new LogStatus(
        accepted + dropped + oversize + invalid,
        accepted,
        dropped,
        oversize,
        invalid,
        counters.sampledOut.sum(),
        files.rows(),
        counters.lost.sum(),
        counters.unknownValues.sum(),
        counters.cutValues.sum(),
        files.bytes(),
        layouts.memory(),
        keeper.uncounted(),
        keeper.lost(),
        courier == null ? ShipStatus.OFF : courier.status(),
        thread.failure());
  }

  @Override
  public boolean flush(Duration timeout) {
    return thread.flush(timeout);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    model.detach(this);
    long deadline = System.nanoTime() + CLOSE.toNanos();
    thread.close(CLOSE.minus(LEAST));
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    keeper.close(left.compareTo(LEAST) > 0 ? left : LEAST);
    if (courier != null) {
      courier.close(deadline);
    }
    warnings.flush();
  }

  @Override
  public String toString() {
    return "PredictionLogger[" + status() + "]";
  }
}
