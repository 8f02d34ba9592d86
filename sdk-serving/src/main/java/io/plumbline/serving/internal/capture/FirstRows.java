package io.plumbline.serving.internal.capture;

import io.plumbline.drift.KeptWindows;
import io.plumbline.drift.Profile;
import io.plumbline.drift.SkewGate;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.PredictionLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the first rows of a version once: when there are enough, or its first hour is over. That
 * it has begun, and what was found, is in a file beside the version's windows, so that a restart
 * goes on with the hour and does not begin another one. For one thread.
 */
final class FirstRows {
  static final String FILE = "first-rows.json";

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long FORMAT = 1;

  private final ModelVersion version;
  private final SkewGate gate;
  private final PredictionLogger.@Nullable GateListener listener;
  private final BiConsumer<ModelVersion, String> skewed;
  private final Path file;
  private @Nullable Instant since;
  private @Nullable WindowCounts before;
  private long judged;
  private boolean done;

  private FirstRows(ModelVersion version, SkewGate gate, CaptureOptions options, Path file) {
    this.version = version;
    this.gate = gate;
    this.listener = options.gateListener;
    this.skewed = options.skewed;
    this.file = file;
  }

  /** Begins, or goes on with what a process before has begun; null if there is no gate. */
  static @Nullable FirstRows of(
      ModelVersion version, Profile profile, CaptureOptions options, Instant now) {
    WindowKeeper keeper = options.keeper;
    if (options.gate == null || keeper == null) {
      return null;
    }
    WindowStore store = WindowStore.of(keeper.log());
    String number = Integer.toString(version.version());
    FirstRows rows =
        new FirstRows(
            version,
            options.gate.apply(profile),
            options,
            store.folder(version.name(), number).resolve(FILE));
    rows.remember(store, profile, now);
    return rows;
  }

  boolean isDone() {
    return done;
  }

  /** Adds a window that is over. */
  void add(Windows.Window window) {
    if (!done && window.slice().equals(Windows.ALL)) {
      WindowCounts known = before;
      before = known == null ? window.counts() : known.merge(window.counts());
    }
  }

  /**
   * Judges what there is, unless it is hardly more than before.
   *
   * @param open the rows of windows that are not over
   */
  void judge(Optional<WindowCounts> open, Instant now) {
    WindowCounts known = before;
    WindowCounts all = known == null ? open.orElse(null) : open.map(known::merge).orElse(known);
    if (done || all == null) {
      return;
    }
    Instant begin = since;
    if (begin == null) {
      begin = now;
      since = now;
      write(begin, SkewGate.State.WAIT, false);
    }
    boolean last = !now.isBefore(begin.plus(HOUR));
    if (!last && all.rows() < judged + Math.max(20, judged / 10)) {
      return;
    }
    judged = all.rows();
    SkewGate.Finding finding = gate.judge(all);
    if (finding.state() != SkewGate.State.WAIT || last) {
      done = true;
      before = null;
      write(begin, finding.state(), true);
      tell(finding);
    }
  }

  private void tell(SkewGate.Finding finding) {
    if (finding.state() == SkewGate.State.STOP) {
      skewed.accept(version, String.join("; ", finding.reasons()));
    } else {
      LOG.info("{}: the first {} rows: {}", version, finding.rows(), finding.state());
    }
    if (listener != null) {
      listener.judged(version, finding);
    }
  }

  // ---- the file

  private void remember(WindowStore store, Profile profile, Instant now) {
    try {
      JsonObject json = Json.object(Files.readAllBytes(file), FILE);
      Instant begun = Instant.parse(json.string("since"));
      done = json.bool("done") || !now.isBefore(begun.plus(HOUR));
      if (!done) {
        since = begun;
        KeptWindows kept =
            store.read(
                version.name(),
                Integer.toString(version.version()),
                profile,
                LocalDate.MIN,
                LocalDate.ofInstant(now, ZoneOffset.UTC));
        before = kept.whole(Windows.ALL).orElse(null);
      }
    } catch (NoSuchFileException e) {
      // A version without rows yet.
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{} can't be read, the first rows of {} are judged anew: {}",
          file,
          version,
          e.toString());
    }
  }

  private void write(Instant begun, SkewGate.State state, boolean isDone) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("first_rows", FORMAT);
    json.put("since", begun.toString());
    json.put("state", state.name());
    json.put("rows", judged);
    json.put("done", isDone);
    try {
      LogFolders.create(Objects.requireNonNull(file.getParent()));
      LogFolders.replace(file, Json.canonical(json), false);
    } catch (IOException e) {
      LOG.warn(
          "{} can't be written; after a restart the rows are judged again: {}", file, e.toString());
    }
  }
}
