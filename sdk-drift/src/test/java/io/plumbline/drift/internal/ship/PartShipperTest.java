package io.plumbline.drift.internal.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.TransportException;
import io.plumbline.drift.internal.log.Shipped;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Time;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.model.Artifact;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Closed parts of a prediction log")
class PartShipperTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";

  /** 2025-06-01T00:00Z in microseconds. */
  private static final long START = 1_748_736_000_000_000L;

  @TempDir private Path folder;
  private Path log;
  private FaultyBackend backend;
  private final Told told = new Told();

  @BeforeEach
  void open() {
    log = folder.resolve("log");
    backend =
        new FaultyBackend(
            EmbeddedBackend.open(folder.resolve("store"), JournalOptions.DEFAULT), Sleeper.SYSTEM);
    String experiment = backend.runs().createExperiment("training", Map.of()).id();
    backend.runs().createRun(new NewRun(RUN, experiment, "run", "", null, 0, Map.of()));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static final class Told implements PartShipper.Listener {
    private final List<Path> shipped = Collections.synchronizedList(new ArrayList<>());
    private final List<String> refused = new ArrayList<>();
    private int gone;

    @Override
    public void shipped(Path part, long bytes) {
      shipped.add(part);
    }

    @Override
    public void refused(Path part, String why) {
      refused.add(why);
    }

    @Override
    public synchronized void gone(Path part) {
      gone++;
    }
  }

  /** Writes so many parts of two rows each. */
  private List<Path> write(String model, int parts) {
    LogSchema schema =
        LogSchema.builder(model, "1", FeatureSchema.of(Feature.of("temp", DataType.DOUBLE)))
            .build();
    List<Path> closed = new ArrayList<>();
    LogOptions options = LogOptions.DEFAULT.withPartListener(closed::add);
    for (int part = 0; part < parts; part++) {
      try (PredictionLogWriter writer = PredictionLogWriter.open(log, options)) {
        for (int i = 0; i < 2; i++) {
          RowBatch row = writer.row(schema, START + part);
          row.setText(SystemColumn.REQUEST_ID.position(), "r" + (2 * part + i));
          row.setDouble(schema.position("temp"), i);
          row.endRow();
        }
      }
    }
    return closed;
  }

  private PartShipper shipper() {
    return new PartShipper(log, (runs, model, version) -> RUN, Time.SYSTEM);
  }

  private void ship() throws IOException {
    PartShipper shipper = shipper();
    assertThat(shipper.ship(shipper.waiting(), backend.runs(), told, () -> true)).isTrue();
  }

  private Map<String, Artifact> artifacts() {
    Map<String, Artifact> all = new TreeMap<>();
    collect(backend.runs(), "", all);
    return all;
  }

  private static void collect(RunStore runs, String directory, Map<String, Artifact> all) {
    for (Artifact artifact : runs.artifacts(RUN, directory)) {
      if (artifact.directory()) {
        collect(runs, artifact.path(), all);
      } else {
        all.put(artifact.path(), artifact);
      }
    }
  }

  private long puts() {
    return backend.calls().stream().filter("putArtifact"::equals).count();
  }

  private String pathOf(Path file) {
    return "predictions/" + log.relativize(file).toString().replace('\\', '/');
  }

  private void assertArrived(List<Path> parts) throws IOException {
    Map<String, Artifact> there = artifacts();
    assertThat(there).hasSize(parts.isEmpty() ? 0 : parts.size() + 1);
    for (Path part : parts) {
      Sha256.FileDigest digest = Sha256.of(part);
      Artifact artifact = there.get(pathOf(part));
      assertThat(artifact)
          .isEqualTo(new Artifact(pathOf(part), false, digest.size(), digest.sha256()));
      assertThat(Shipped.is(part)).isTrue();
      assertThat(there).containsKey(pathOf(part.resolveSibling("_schema.json")));
    }
  }

  @Test
  @DisplayName("become artifacts of their run once, under the log's own paths, with _schema.json")
  void once() throws Exception {
    List<Path> parts = write("flights", 3);
    ship();
    assertArrived(parts);
    assertThat(told.shipped).containsExactlyElementsOf(parts);
    long puts = puts();
    assertThat(puts).isEqualTo(4);
    ship();
    assertThat(puts()).isEqualTo(puts);
    assertThat(shipper().waiting()).isEmpty();
  }

  @Test
  @DisplayName("are a log again where they have arrived")
  void readable() throws Exception {
    write("flights", 3);
    ship();
    Path copy = folder.resolve("copy");
    for (Artifact artifact : artifacts().values()) {
      Path to = copy.resolve(artifact.path());
      Files.createDirectories(to.resolveSibling("."));
      try (InputStream in = backend.runs().openArtifact(RUN, artifact.path())) {
        Files.copy(in, to);
      }
    }
    List<String> ids = new ArrayList<>();
    try (PredictionLogReader reader =
        PredictionLogReader.open(copy.resolve("predictions"), LogFilter.ALL)) {
      for (LogBatch rows = reader.next(); rows != null; rows = reader.next()) {
        ids.addAll(List.of(rows.texts("_request_id")));
      }
    }
    assertThat(ids).containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "r4", "r5");
  }

  @Test
  @DisplayName("are not sent again when the answer was lost, or nobody lived to note it")
  void unnoted() throws Exception {
    List<Path> parts = write("flights", 2);
    // The first call sends the schema, the second the first part.
    backend.fail("putArtifact", 2, When.AFTER, () -> new TransportException("the answer was lost"));
    assertThatThrownBy(this::ship).isInstanceOf(TransportException.class);
    assertThat(shipper().waiting()).containsExactlyElementsOf(parts);
    ship();
    assertThat(puts()).isEqualTo(3);
    Shipped.forget(parts.get(1));
    ship();
    assertThat(puts()).isEqualTo(3);
    assertArrived(parts);
  }

  @Test
  @DisplayName("stay when the destination is down, and go when it is back")
  void down() throws Exception {
    List<Path> parts = write("flights", 2);
    backend.refuse(() -> new TransportException("nobody is there"));
    assertThatThrownBy(this::ship).isInstanceOf(TransportException.class);
    backend.accept();
    assertThat(artifacts()).isEmpty();
    ship();
    assertArrived(parts);
  }

  @Test
  @DisplayName("are refused one by one when their folder does not say whose they are")
  void hostileFolders() throws Exception {
    Path garbage = write("garbage", 1).get(0);
    Path missing = write("missing", 1).get(0);
    Path liar = write("liar", 1).get(0);
    Path list = write("list", 1).get(0);
    Files.writeString(garbage.resolveSibling("_schema.json"), "{");
    Files.delete(missing.resolveSibling("_schema.json"));
    Files.writeString(list.resolveSibling("_schema.json"), "[]");
    Files.writeString(
        liar.resolveSibling("_schema.json"), "{\"model\":\"flights\",\"version\":\"1\"}");
    List<Path> good = write("flights", 1);
    ship();
    assertThat(told.refused)
        .hasSize(4)
        .anySatisfy(why -> assertThat(why).contains("_model=garbage", "is damaged"))
        .anySatisfy(why -> assertThat(why).contains("_model=list", "is damaged"))
        .anySatisfy(why -> assertThat(why).contains("_model=missing", "is gone"))
        .anySatisfy(why -> assertThat(why).contains("_model=liar", "of another model"));
    assertThat(told.shipped).containsExactlyElementsOf(good);
    assertThat(shipper().waiting()).hasSize(4);
  }

  @Test
  @DisplayName("whose version has no home stay, and the others go")
  void homeless() throws Exception {
    List<Path> lost = write("lost", 1);
    List<Path> parts = write("flights", 1);
    PartShipper shipper =
        new PartShipper(
            log,
            (runs, model, version) -> {
              if (model.equals("lost")) {
                throw new NotFoundException("there is no model 'lost'");
              }
              return RUN;
            },
            Time.SYSTEM);
    shipper.ship(shipper.waiting(), backend.runs(), told, () -> true);
    assertThat(told.refused).containsExactly("there is no model 'lost'");
    assertThat(told.shipped).containsExactlyElementsOf(parts);
    assertThat(shipper.waiting()).containsExactlyElementsOf(lost);
  }

  @Test
  @DisplayName("never replace another content, and are kept")
  void otherContent() throws Exception {
    Path part = write("flights", 1).get(0);
    Path other = Files.writeString(folder.resolve("other"), "other");
    backend.runs().putArtifact(RUN, pathOf(part), other);
    ship();
    assertThat(told.refused).hasSize(1);
    assertThat(told.refused.get(0)).contains("another content", part.toString());
    assertThat(part).exists();
    assertThat(Shipped.is(part)).isFalse();
    assertThat(Objects.requireNonNull(artifacts().get(pathOf(part))).size()).isEqualTo(5);
  }

  @Test
  @DisplayName("that the disk budget has taken meanwhile hold nothing up")
  void gone() throws Exception {
    List<Path> parts = write("flights", 3);
    Files.setLastModifiedTime(parts.get(0), FileTime.fromMillis(0));
    PartShipper shipper = shipper();
    List<Path> waiting = shipper.waiting();
    Files.delete(parts.get(0));
    shipper.ship(waiting, backend.runs(), told, () -> true);
    assertThat(told.gone).isEqualTo(1);
    assertArrived(parts.subList(1, 3));
  }

  @Test
  @DisplayName("leave no note behind when they are deleted by hand")
  void orphans() throws Exception {
    List<Path> parts = write("flights", 1);
    ship();
    Files.delete(parts.get(0));
    assertThat(shipper().waiting()).isEmpty();
    assertThat(Shipped.is(parts.get(0))).isFalse();
  }

  @Test
  @DisplayName("arrive once when two couriers are at it")
  void race() throws Exception {
    List<Path> parts = write("flights", 12);
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Runnable courier =
        () -> {
          try {
            PartShipper shipper = shipper();
            for (List<Path> left = shipper.waiting(); !left.isEmpty(); left = shipper.waiting()) {
              shipper.ship(left, backend.runs(), told, () -> true);
            }
          } catch (IOException | RuntimeException e) {
            failures.add(e);
          }
        };
    Thread other = new Thread(courier);
    other.start();
    courier.run();
    other.join();
    assertThat(failures).isEmpty();
    assertThat(told.shipped).containsExactlyInAnyOrderElementsOf(parts);
    assertThat(puts()).isEqualTo(13);
    assertArrived(parts);
  }
}
