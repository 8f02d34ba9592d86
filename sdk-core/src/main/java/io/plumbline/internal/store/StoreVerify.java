package io.plumbline.internal.store;

import io.plumbline.StoreException;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterView;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a store and tells what is damaged: every frame of every segment against its
 * checksum, every summary against the segments, every content against its digest, and every
 * reference of a run or a registered version to a content.
 *
 * <p>It writes nothing, and may run while the store is written to.
 */
public final class StoreVerify {
  /**
   * Something that is wrong.
   *
   * @param file the file, relative to the store
   * @param what what is wrong with it and where, as a sentence
   */
  public record Problem(String file, String what) {}

  /**
   * What was found.
   *
   * @param runs how many runs were read
   * @param records how many records: metric points and events
   * @param lost how many records are known to be missing
   * @param segmentBytes how many bytes of segments
   * @param blobs how many contents were read
   * @param blobBytes how many bytes of contents
   * @param problems what is damaged or missing
   * @param notes what is no damage and yet worth knowing
   */
  public record Report(
      long runs,
      long records,
      long lost,
      long segmentBytes,
      long blobs,
      long blobBytes,
      List<Problem> problems,
      List<Problem> notes) {
    /** Returns whether nothing is damaged. */
    public boolean sound() {
      return problems.isEmpty();
    }
  }

  private final StoreView view;
  private final StoreProgress progress;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();

  /** Each content that a run refers to, and what it is there. */
  private final Map<String, String> references = new TreeMap<>();

  private long runs;
  private long records;
  private long lost;
  private long segmentBytes;
  private long blobs;
  private long blobBytes;

  private StoreVerify(StoreView view, StoreProgress progress) {
    this.view = view;
    this.progress = progress;
  }

  /** Reads everything. */
  public static Report verify(StoreView view, StoreProgress progress) {
    StoreVerify verify = new StoreVerify(view, progress);
    verify.marker();
    verify.experiments();
    verify.registry();
    verify.runs();
    verify.contents();
    verify.missing();
    verify.writers();
    return new Report(
        verify.runs,
        verify.records,
        verify.lost,
        verify.segmentBytes,
        verify.blobs,
        verify.blobBytes,
        List.copyOf(verify.problems),
        List.copyOf(verify.notes));
  }

  private String name(Path file) {
    return view.root().relativize(file).toString().replace('\\', '/');
  }

  private void problem(Path file, String what) {
    problems.add(new Problem(name(file), what));
  }

  private void note(Path file, String what) {
    notes.add(new Problem(name(file), what));
  }

  // ---- small files

  private void marker() {
    Path marker = view.root().resolve("store.json");
    if (!Files.exists(marker)) {
      note(marker, "is missing; the next program that opens the store makes it");
    }
  }

  private void experiments() {
    for (Path folder : StoreFiles.children(view.root().resolve("experiments"))) {
      if (Files.isDirectory(folder)) {
        StoreFiles.children(folder).stream()
            .filter(file -> file.toString().endsWith(".json"))
            .forEach(this::checkJson);
      }
    }
  }

  /** Each file of the registry, and what the versions refer to. */
  private void registry() {
    for (Path folder : view.registry().folders()) {
      if (!Files.isDirectory(folder.resolve("model"))) {
        problem(folder, "has no folder 'model', which says what it is called");
      }
      StoreFiles.below(folder).stream()
          .filter(file -> file.toString().endsWith(".json"))
          .forEach(this::checkJson);
    }
    try {
      view.registry()
          .references(
              sha256 -> references.putIfAbsent(sha256, "a file of a registered model version"));
    } catch (StoreException | IllegalArgumentException e) {
      problem(view.root().resolve("registry"), "can't be read: " + e.getMessage());
    }
  }

  private void checkJson(Path file) {
    try {
      Json.object(Files.readAllBytes(file), "the document").string("name");
    } catch (JsonException e) {
      problem(file, "is damaged: " + e.getMessage());
    } catch (NoSuchFileException e) {
      // Removed meanwhile.
    } catch (IOException e) {
      problem(file, "can't be read: " + e);
    }
  }

  // ---- runs

  private void runs() {
    List<Path> folders = view.runFolders();
    for (Path folder : folders) {
      progress.at("reading runs:", runs, folders.size());
      run(folder);
      runs++;
    }
  }

  private void run(Path folder) {
    RunState merged = null;
    for (String writer : RunReader.writers(folder)) {
      try {
        RunState state = writer(folder, writer);
        if (merged == null) {
          merged = state;
        } else {
          merged.merge(state);
        }
      } catch (NoSuchFileException e) {
        return; // erased meanwhile
      } catch (IOException e) {
        problem(folder, "can't be read: " + e);
      }
    }
    if (merged == null) {
      note(folder, "is empty: no writer has written into it");
    } else if (merged.start() == null && merged.run() == null) {
      problem(folder, "has no event that says which run it is");
    } else {
      String run = merged.run();
      StoreView.references(merged)
          .forEach((sha256, what) -> references.putIfAbsent(sha256, what + " of run " + run));
    }
  }

  private RunState writer(Path folder, String writer) throws IOException {
    // The summary first: what comes later may be ahead of it, but not behind it.
    Path summary = folder.resolve(writer + ".run.json");
    byte[] written = read(summary);
    RunState told = written == null ? null : WriterView.summaryState(folder, writer);
    WriterView scanned = WriterView.scan(folder, writer);
    WriterLog.Report report = scanned.report();
    report.problems().forEach(what -> segmentProblem(folder, writer, what));
    records += report.records();
    lost += report.lost();
    segmentBytes += report.bytes();
    boolean lives = view.lives(writer);
    if (written == null) {
      if (!lives) {
        note(summary, "is missing; readers take the segments instead");
      }
    } else {
      summary(summary, written, told, scanned, lives);
    }
    return scanned.state();
  }

  /** The reader's sentences begin with the segment's name where there is one. */
  private void segmentProblem(Path folder, String writer, String what) {
    int blank = what.indexOf(' ');
    if (blank > 0 && what.startsWith(writer + ".")) {
      problem(folder.resolve(what.substring(0, blank)), what.substring(blank + 1));
    } else {
      problem(folder, "what writer " + writer + " has written: " + what);
    }
  }

  private static byte @Nullable [] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Checks what a summary says against the segments, from which it was made. */
  private void summary(
      Path file, byte[] written, @Nullable RunState told, WriterView scanned, boolean lives) {
    WriterLog.Report report = scanned.report();
    WriterLog.Position at;
    try {
      JsonObject json = Json.object(written, "it");
      at =
          new WriterLog.Position(
              Math.toIntExact(json.longValue("segment")),
              json.longValue("offset"),
              json.longValue("ordinal"));
    } catch (JsonException | ArithmeticException e) {
      problem(file, "is damaged: " + e.getMessage() + "; readers take the segments instead");
      return;
    }
    WriterLog.Position end = report.end();
    boolean ahead =
        at.segment() > end.segment() || at.segment() == end.segment() && at.offset() > end.offset();
    if (ahead) {
      long gone = Math.max(0, at.ordinal() - end.ordinal());
      lost += gone;
      problem(
          file,
          String.format(
              "vouches for segment %06d up to byte %d, but what is whole ends in segment %06d at"
                  + " byte %d: %d records are lost",
              at.segment(), at.offset(), end.segment(), end.offset(), gone));
      return;
    }
    if (report.torn() > 0 && !lives) {
      note(
          file.resolveSibling(segment(file, end)),
          report.torn()
              + " bytes at its end are no whole frame, as after a crash; they are ignored");
    }
    if (!at.equals(end) || !report.problems().isEmpty()) {
      return; // the segments go on behind it, or the sentences above say what is wrong
    }
    if (told == null) {
      if (report.torn() == 0) {
        problem(file, "is not understood; readers take the segments instead");
      }
      return; // beside a torn tail, readers do not use it
    }
    String differs = difference(told, scanned.state());
    if (!differs.isEmpty()) {
      problem(file, "says something else than the segments: " + differs);
    }
  }

  private static String segment(Path summary, WriterLog.Position end) {
    String writer = String.valueOf(summary.getFileName()).substring(0, 16);
    return String.format("%s.%06d.seg", writer, end.segment());
  }

  /** Returns what differs between two states; empty if nothing does. */
  private static String difference(RunState a, RunState b) {
    Map<String, Boolean> same = new LinkedHashMap<>();
    same.put("the run's id", Objects.equals(a.run(), b.run()));
    same.put("the start", map(a.start()).equals(map(b.start())));
    same.put("the name", Objects.equals(a.name(), b.name()));
    same.put("whether it is deleted", a.deleted() == b.deleted());
    same.put("the status", Objects.equals(a.status(), b.status()));
    same.put("the time of the status", a.statusTime() == b.statusTime());
    same.put("the params", a.params().equals(b.params()));
    same.put("the tags", a.tags().equals(b.tags()));
    same.put("the inputs", maps(a.inputs()).equals(maps(b.inputs())));
    same.put("the models", maps(a.models()).equals(maps(b.models())));
    same.put("the warnings", a.warnings().equals(b.warnings()));
    same.put("the dropped metrics", a.dropped().equals(b.dropped()));
    same.put("the metrics", stats(a).equals(stats(b)));
    if (!a.artifactsLeftOut()) {
      same.put("the artifacts", artifacts(a).equals(artifacts(b)));
    }
    return String.join(
        ", ", same.keySet().stream().filter(key -> Boolean.FALSE.equals(same.get(key))).toList());
  }

  private static Map<String, ?> map(@Nullable JsonObject json) {
    return json == null ? Map.of() : json.asMap();
  }

  private static List<Map<String, ?>> maps(List<JsonObject> all) {
    List<Map<String, ?>> maps = new ArrayList<>();
    all.forEach(json -> maps.add(json.asMap()));
    return maps;
  }

  private static Map<String, Map<String, ?>> artifacts(RunState state) {
    Map<String, Map<String, ?>> artifacts = new TreeMap<>();
    state.artifacts().forEach((path, json) -> artifacts.put(path, json.asMap()));
    return artifacts;
  }

  private static Map<String, List<Number>> stats(RunState state) {
    Map<String, List<Number>> all = new TreeMap<>();
    state
        .metrics()
        .forEach(
            (key, s) -> {
              if (s.count() > 0) {
                all.put(
                    key,
                    List.of(s.count(), s.min(), s.max(), s.last(), s.lastStep(), s.lastTime()));
              }
            });
    return all;
  }

  // ---- contents

  private void contents() {
    Path root = view.blobs().root();
    List<Path> files = StoreFiles.below(root);
    for (Path file : files) {
      progress.at("reading contents:", blobs, files.size());
      content(file);
    }
  }

  private void content(Path file) {
    String expected = StoreFiles.digestOf(file);
    if (expected == null) {
      note(file, "is no content: its name is no SHA-256");
      return;
    }
    MessageDigest sha = Sha256.start();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 18];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
        blobBytes += n;
      }
    } catch (NoSuchFileException e) {
      return; // cleaned up meanwhile
    } catch (IOException e) {
      problem(file, "can't be read: " + e + usedBy(expected));
      return;
    }
    blobs++;
    String found = HexFormat.of().formatHex(sha.digest());
    if (!found.equals(expected)) {
      problem(file, "is damaged: its content has the digest " + found + usedBy(expected));
    }
  }

  private String usedBy(String sha256) {
    String reference = references.get(sha256);
    return reference == null ? "; nothing refers to it" : "; it is " + reference;
  }

  private void missing() {
    references.forEach(
        (sha256, what) -> {
          Path file = view.blobs().path(sha256);
          if (!Files.exists(file)) {
            problem(file, "is missing; it is " + what);
          }
        });
  }

  // ---- writers

  private void writers() {
    for (String writer : view.deadWriters()) {
      note(
          view.root().resolve("writers").resolve(writer),
          "belongs to a program that ended without closing the store; what only its ring has is not"
              + " in the runs before a recovery");
    }
  }
}
