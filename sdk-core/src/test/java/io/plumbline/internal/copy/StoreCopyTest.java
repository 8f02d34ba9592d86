package io.plumbline.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConfigException;
import io.plumbline.IntegrityException;
import io.plumbline.ServerException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A copy of what a backend keeps, when something of it cannot be had,")
class StoreCopyTest {
  @TempDir private Path folder;
  private EmbeddedStore there;
  private EmbeddedStore here;
  private EmbeddedBackend source;
  private EmbeddedBackend target;
  private Trouble trouble;
  private String experiment;

  @BeforeEach
  void open() {
    there = EmbeddedStore.open(folder.resolve("there"), JournalOptions.DEFAULT);
    here = EmbeddedStore.open(folder.resolve("here"), JournalOptions.DEFAULT);
    source = EmbeddedBackend.on(there);
    target = EmbeddedBackend.on(here);
    trouble = new Trouble(source);
    experiment = source.createExperiment("e", Map.of()).id();
  }

  @AfterEach
  void close() {
    assertThat(there.close(Duration.ofSeconds(10))).isTrue();
    assertThat(here.close(Duration.ofSeconds(10))).isTrue();
  }

  private StoreCopy.Report copy() {
    return new StoreCopy(trouble.backend(), "there", 0, here).run();
  }

  private String run(String name) {
    String id = EmbeddedStore.newId();
    return source.createRun(new NewRun(id, experiment, name, "tester", null, 1_000, Map.of()));
  }

  private String ended(String run) {
    source.apply(run, "end", List.of(new RunUpdate.SetStatus(RunStatus.FINISHED, 9_000)));
    return run;
  }

  private void artifact(String run, String path, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(UUID.randomUUID().toString()), content);
    source.putArtifact(run, path, file);
  }

  private static RuntimeException broken() {
    return new ServerException(500, "the server has failed on purpose");
  }

  private static RuntimeException cut() {
    return new TransportException("the connection was cut");
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static ModelPackage model(byte[] content) {
    return ModelPackage.of("rules", Map.of())
        .with(ModelPart.of("rules.bin", "application/octet-stream", content));
  }

  private Run copied(String run) {
    return target.find(run).orElseThrow();
  }

  private byte[] content(String run, String path) throws IOException {
    try (InputStream in = target.openArtifact(run, path)) {
      return in.readAllBytes();
    }
  }

  // ---- what is left out

  @Test
  @DisplayName("leaves out a model that is none, and has the run's end and its other models")
  void model() {
    String run = run("r");
    LoggedModel bad = source.putModel(run, "bad", model(bytes(3)));
    source.putModel(run, "good", model(bytes(4)));
    ended(run);
    trouble.fail(
        "readModel", bad.id(), 99, () -> new IntegrityException("it has a file model.json"));
    assertThat(copy().problems())
        .containsExactly("run " + run + ": the model 'bad': it has a file model.json");
    assertThat(copied(run).models()).extracting(LoggedModel::name).containsExactly("good");
    assertThat(copied(run).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(copy().problems()).as("told again").hasSize(1);
    trouble.heal();
    StoreCopy.Report healed = copy();
    assertThat(healed.problems()).isEmpty();
    assertThat(healed.models()).isEqualTo(1);
    assertThat(copied(run).models()).hasSize(2);
    assertThat(copy().runsSame()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves out a file that the server always fails on, and has all others")
  void file() throws Exception {
    String run = run("r");
    artifact(run, "a.bin", bytes(10));
    artifact(run, "b.bin", bytes(11));
    artifact(run, "c/d.bin", bytes(12));
    String other = run("other");
    artifact(other, "e.bin", bytes(13));
    trouble.fail("openArtifact", "b.bin", 99, StoreCopyTest::broken);
    StoreCopy.Report report = copy();
    assertThat(report.problems())
        .containsExactly("run " + run + ": the artifact 'b.bin': the server has failed on purpose");
    assertThat(report.artifacts()).isEqualTo(3);
    assertThat(trouble.calls("openArtifact").stream().filter(call -> call.contains("b.bin")))
        .as("attempts")
        .hasSize(3);
    trouble.heal();
    assertThat(copy().artifacts()).isEqualTo(1);
    assertThat(content(run, "b.bin")).isEqualTo(bytes(11));
  }

  @Test
  @DisplayName("leaves out a directory that cannot be listed, and a run that cannot be read")
  void directory() throws Exception {
    String run = run("r");
    artifact(run, "a/b.bin", bytes(10));
    artifact(run, "c.bin", bytes(10));
    String unread = run("unread");
    String foreign = run("foreign");
    trouble.fail(
        "find",
        foreign,
        99,
        () -> new ConfigException("tracking.uri", "the server", "it is on s3", "another root"));
    trouble.fail("artifacts", run + ", a]", 99, () -> new ServerException(403, "not yours"));
    trouble.fail("find", unread, 99, StoreCopyTest::broken);
    assertThat(copy().problems())
        .containsExactlyInAnyOrder(
            "run " + run + ": the directory 'a': not yours",
            "run " + unread + ": the server has failed on purpose",
            "run "
                + foreign
                + ": tracking.uri (from the server): it is on s3; accepted: another root");
    assertThat(content(run, "c.bin")).hasSize(10);
  }

  @Test
  @DisplayName("tells of directories that are too deep for it")
  void deep() throws Exception {
    String run = run("r");
    artifact(run, "d/".repeat(70) + "deep.bin", bytes(10));
    artifact(run, "e/".repeat(64) + "in.bin", bytes(10));
    StoreCopy.Report report = copy();
    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("run " + run, "more than 64 directories deep");
    assertThat(report.artifacts()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves out a history that cannot be read, ends the run, and has it the next time")
  void history() {
    String run = run("r");
    source.apply(
        run,
        "points",
        List.of(
            new RunUpdate.LogMetric("bad", 1, 0, 2_000),
            new RunUpdate.LogMetric("good", 2, 0, 2_000)));
    ended(run);
    trouble.fail("metricHistory", "bad", 99, StoreCopyTest::broken);
    assertThat(copy().problems())
        .containsExactly("run " + run + ": the metric 'bad': the server has failed on purpose");
    assertThat(copied(run).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(copied(run).metrics()).containsOnlyKeys("good");
    trouble.heal();
    StoreCopy.Report healed = copy();
    assertThat(healed.points()).isEqualTo(1);
    assertThat(target.metricHistory(run, "bad").stream().map(Metric::value)).containsExactly(1.0);
    assertThat(copy().runsSame()).isEqualTo(1);
  }

  @Test
  @DisplayName("leaves out a param that has another value here, and has the run's tags and end")
  void fact() {
    String run = run("r");
    copy();
    target.apply(run, "here", List.of(new RunUpdate.LogParam("a", "1")));
    source.apply(
        run,
        "there",
        List.of(new RunUpdate.LogParam("a", "2"), new RunUpdate.SetTag("team", "ops")));
    ended(run);
    assertThat(copy().problems())
        .singleElement()
        .asString()
        .startsWith("run " + run)
        .contains("'a'");
    assertThat(copied(run).tags()).containsEntry("team", "ops");
    assertThat(copied(run).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  @DisplayName("is deleted with what it lacks, and brings that once it can be had")
  void deleted() {
    String run = run("r");
    source.apply(run, "p", List.of(new RunUpdate.LogMetric("bad", 1, 0, 2_000)));
    ended(run);
    source.setDeleted(run, true);
    trouble.fail("metricHistory", "bad", 99, StoreCopyTest::broken);
    copyDeleted();
    assertThat(copied(run).deleted()).isTrue();
    trouble.heal();
    assertThat(copyDeleted().points()).isEqualTo(1);
    assertThat(copied(run).deleted()).isTrue();
  }

  private StoreCopy.Report copyDeleted() {
    return new StoreCopy(trouble.backend(), "there", 0, here).deleted(true).run();
  }

  @Test
  @DisplayName("leaves out an experiment whose runs cannot be searched, and has the others")
  void experiment() {
    run("r");
    String other = source.createExperiment("other", Map.of()).id();
    source.createRun(
        new NewRun(EmbeddedStore.newId(), other, "s", "tester", null, 1_000, Map.of()));
    trouble.fail("search", "", 1, StoreCopyTest::broken);
    StoreCopy.Report report = copy();
    assertThat(report.problems())
        .containsExactly("experiment 'e': the server has failed on purpose");
    assertThat(report.runsNew()).isEqualTo(1);
  }

  // ---- what is tried again, and what is not

  @Test
  @DisplayName("ends when nothing can be had any more")
  void away() throws Exception {
    String run = run("r");
    artifact(run, "a.bin", bytes(10));
    artifact(run, "b.bin", bytes(10));
    trouble.failFrom("openArtifact", "b.bin", StoreCopyTest::cut);
    assertThatThrownBy(this::copy)
        .isInstanceOf(TransportException.class)
        .hasMessage("the connection was cut");
    assertThat(trouble.calls("openArtifact")).as("one for a.bin, three for b.bin").hasSize(4);
    assertThat(content(run, "a.bin")).hasSize(10);
  }

  @Test
  @DisplayName("tries a file again that broke off")
  void brokenOff() throws Exception {
    String run = run("r");
    artifact(run, "a.bin", bytes(1_000));
    trouble.breakOff("a.bin", 600, StoreCopyTest::cut);
    assertThat(copy().problems()).isEmpty();
    assertThat(content(run, "a.bin")).isEqualTo(bytes(1_000));
  }

  @Test
  @DisplayName("brings a large file again into the folder that has its first bytes")
  void large() throws Exception {
    String run = run("r");
    artifact(run, "a/large.bin", bytes(8 << 20));
    trouble.fail("fetchArtifacts", "large.bin", 2, StoreCopyTest::cut);
    assertThat(copy().problems()).isEmpty();
    assertThat(trouble.calls("fetchArtifacts")).hasSize(3);
    assertThat(trouble.calls("fetchArtifacts").stream().distinct()).hasSize(1);
    assertThat(content(run, "a/large.bin")).isEqualTo(bytes(8 << 20));
  }

  @Test
  @DisplayName("goes on with a version's file at the byte where it broke off")
  void version() throws Exception {
    version("flights", 300_000);
    trouble.breakOff("rules.bin", 100_000, StoreCopyTest::cut);
    StoreCopy.Report report = copy();
    assertThat(report.problems()).isEmpty();
    assertThat(report.versions()).isEqualTo(1);
    assertThat(trouble.calls("openPart"))
        .anySatisfy(call -> assertThat(call).endsWith("rules.bin, 0]"))
        .anySatisfy(call -> assertThat(call).matches(".*, rules.bin, [1-9][0-9]*]"));
    assertThat(target.registry().findVersion("flights", 1).orElseThrow().digest())
        .isEqualTo(model(bytes(300_000)).digest());
  }

  private void version(String name, int size) {
    source
        .registry()
        .createVersion(
            new NewVersion(
                name + size,
                name,
                new NewVersion.Source.Packed(model(bytes(size))),
                Lineage.UNKNOWN,
                "tester",
                "",
                Map.of()));
  }

  @Test
  @DisplayName("leaves out a version whose file the server always fails on, and has the others")
  void versions() {
    version("a", 10);
    version("b", 11);
    version("b", 12);
    trouble.fail("openPart", "models:/b/1 ", 99, StoreCopyTest::broken);
    StoreCopy.Report report = copy();
    assertThat(report.problems()).containsExactly("models:/b/1: the server has failed on purpose");
    assertThat(report.versions()).isEqualTo(2);
    assertThat(target.registry().findVersion("b", 2)).isPresent();
    trouble.heal();
    assertThat(copy().versions()).isEqualTo(1);
  }

  @Test
  @DisplayName("waits for no file any more when three in a row could not be had")
  void hopeless() throws Exception {
    String run = run("r");
    for (int i = 0; i < 10; i++) {
      artifact(run, "f" + i + ".bin", bytes(10));
    }
    trouble.fail("openArtifact", ".bin", 1_000, StoreCopyTest::broken);
    assertThat(copy().problems()).hasSize(10);
    assertThat(trouble.calls("openArtifact")).hasSize(3 * 3 + 7);
    assertThat(copied(run).status()).isEqualTo(RunStatus.RUNNING);
    trouble.heal();
    assertThat(copy().artifacts()).isEqualTo(10);
  }

  @Test
  @DisplayName("leaves out a file whose name no disk takes, and has the others")
  void names() throws Exception {
    String run = run("r");
    LoggedModel model = source.putModel(run, "m", model(bytes(4)));
    trouble.fail(
        "readModel", model.id(), 99, () -> new StoreException("no file can be made of it"));
    artifact(run, "n".repeat(300) + ".bin", bytes(8 << 20));
    StoreCopy.Report report = copy();
    assertThat(report.problems())
        .containsExactly("run " + run + ": the model 'm': no file can be made of it");
    assertThat(report.artifacts()).isEqualTo(1);
  }
}
