package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.internal.FakeTime;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.RecordingLogger;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.Explained;
import io.plumbline.internal.config.Explanation;
import io.plumbline.internal.config.FakeSources;
import io.plumbline.internal.config.FsyncPolicy;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.RingKind;
import io.plumbline.internal.config.ShutdownHook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Settings come from the strongest layer, are checked at once, and can be explained")
class ConfigTest {

  @TempDir Path work;
  private final RecordingLogger log = new RecordingLogger();
  private final FakeTime time = new FakeTime();
  private final OncePerMinute guard = new OncePerMinute(log, time);
  private FakeSources sources;

  @BeforeEach
  void inAFolder() {
    sources = new FakeSources().workingDirectory(work).property("user.home", work.toString());
  }

  private Config.Builder builder() {
    return Config.builder().sources(sources, guard);
  }

  private void file(String text) throws Exception {
    Files.writeString(work.resolve("plumbline.properties"), text);
  }

  @Test
  @DisplayName("without any setting the defaults are those of the documentation")
  void defaults() {
    Config config = Config.builder().isolated().build();

    assertThat(config.store()).isEqualTo(Path.of(".plumbline").toAbsolutePath());
    assertThat(config.trackingUri()).isEqualTo(config.store().toString());
    assertThat(config.experiment()).isEqualTo("default");
    assertThat(config.enabled()).isTrue();
    assertThat(config.classLoader()).isEmpty();
    assertThat(config.get(Keys.USER)).isEqualTo("unknown");
    assertThat(config.get(Keys.RING)).isEqualTo(RingKind.AUTO);
    assertThat(config.get(Keys.RING_SIZE)).isEqualTo(2L << 20);
    assertThat(config.get(Keys.FSYNC)).isEqualTo(FsyncPolicy.INTERVAL);
    assertThat(config.get(Keys.FSYNC_INTERVAL)).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.get(Keys.SEGMENT_SIZE)).isEqualTo(64L << 20);
    assertThat(config.get(Keys.QUOTA)).isZero();
    assertThat(config.get(Keys.RESERVE)).isEqualTo(64L << 20);
    assertThat(config.get(Keys.CLOSE_TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.get(Keys.SHUTDOWN_HOOK)).isEqualTo(ShutdownHook.AUTO);
    assertThat(config.get(Keys.HEARTBEAT_INTERVAL)).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.get(Keys.HEARTBEAT_LOST)).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.find(Keys.TRACKING_TOKEN)).isEmpty();
    assertThatThrownBy(() -> config.get(Keys.TRACKING_TOKEN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("plumbline.tracking.token");
  }

  @Test
  @DisplayName("an isolated configuration sees no property, no variable and no file of the machine")
  void isolated() {
    System.setProperty("plumbline.experiment", "of-the-machine");
    try {
      assertThat(Config.load().experiment()).isEqualTo("of-the-machine");
      assertThat(Config.builder().isolated().build().experiment()).isEqualTo("default");
    } finally {
      System.clearProperty("plumbline.experiment");
    }
  }

  @Test
  @DisplayName("an isolated configuration reads a file that the code names")
  void isolatedWithFile() throws Exception {
    file("plumbline.experiment=from-file");
    Config config =
        Config.builder()
            .isolated()
            .set("config", work.resolve("plumbline.properties").toString())
            .build();

    assertThat(config.experiment()).isEqualTo("from-file");
  }

  @Test
  @DisplayName("what the code sets is used as it is set")
  void code() {
    ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
    Config config =
        builder()
            .store(work.resolve("a"))
            .trackingUri("http://ml.example:5000/")
            .experiment("flight-delay")
            .enabled(false)
            .classLoader(loader)
            .set("journal.fsync", "none")
            .set("plumbline.store.quota", "1g")
            .set("tracking.token", Secret.of("s3cr3t"))
            .build();

    assertThat(config.store()).isEqualTo(work.resolve("a"));
    assertThat(config.trackingUri()).isEqualTo("http://ml.example:5000");
    assertThat(config.experiment()).isEqualTo("flight-delay");
    assertThat(config.enabled()).isFalse();
    assertThat(config.classLoader()).containsSame(loader);
    assertThat(config.get(Keys.FSYNC)).isEqualTo(FsyncPolicy.NONE);
    assertThat(config.get(Keys.QUOTA)).isEqualTo(1L << 30);
    assertThat(config.find(Keys.TRACKING_TOKEN)).contains(Secret.of("s3cr3t"));
    assertThat(config.source(Keys.ENABLED)).isEqualTo("code");
    assertThat(config.toString()).contains("flight-delay").doesNotContain("s3cr3t");
  }

  @Test
  @DisplayName("a key that does not exist is a programmer's error with the nearest one")
  void unknownInCode() {
    assertThatThrownBy(() -> builder().set("jurnal.fsync", "none"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no setting 'jurnal.fsync'; did you mean journal.fsync?");
    assertThatThrownBy(() -> builder().set("kafka", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("explain()");
    assertThatThrownBy(() -> builder().set("experiment", Secret.of("s3cr3t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plumbline.experiment is not kept secret; set it as text");
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "journal.fsync, always, 'none, interval, batch'",
    "journal.ring.size, 3MiB, a power of two",
    "close.timeout, 10, a duration",
    "enabled, maybe, true or false",
    "tracking.uri, sqlite:///x.db, the http(s) address"
  })
  @DisplayName("a bad value names its key, its source and what is accepted")
  void badValue(String key, String value, String accepted) throws Exception {
    file("# settings\nplumbline." + key + " = " + value);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> builder().build())
        .satisfies(
            e -> {
              assertThat(e.key()).isEqualTo("plumbline." + key);
              assertThat(e.source()).isEqualTo(work.resolve("plumbline.properties") + ":2");
              assertThat(e.accepted()).contains(accepted);
            });
  }

  @Test
  @DisplayName("a bad value in a layer that does not decide hurts nobody")
  void shadowed() {
    sources.variable("MLFLOW_TRACKING_URI", "databricks").variable("PLUMBLINE_ENABLED", "maybe");
    sources.property("plumbline.tracking.uri", "http://h").property("plumbline.enabled", "false");

    assertThat(builder().build().trackingUri()).isEqualTo("http://h");
  }

  @Test
  @DisplayName("an MLflow variable that only Python can serve is refused with its name")
  void mlflowOnly() {
    sources.variable("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db");

    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("environment variable MLFLOW_TRACKING_URI")
        .hasMessageContaining("wins over MLflow's variable");
  }

  @Test
  @DisplayName("a run that counts as lost before it can beat is refused, naming what was set")
  void heartbeat() {
    assertThatThrownBy(() -> builder().set("heartbeat.interval", "2m").build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plumbline.heartbeat.interval (from code)")
        .hasMessageContaining("less than 1m");
    assertThatThrownBy(() -> builder().set("heartbeat.lost", "10s").build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plumbline.heartbeat.lost (from code)")
        .hasMessageContaining("more than 10s");
  }

  @Test
  @DisplayName("runs that are kept in a folder are kept in the store")
  void folderIsStore() {
    Config config = builder().trackingUri(work.resolve("runs").toString()).build();

    assertThat(config.store()).isEqualTo(work.resolve("runs"));
    assertThat(config.source(Keys.STORE)).isEqualTo("plumbline.tracking.uri");
    assertThat(config.get(Keys.REGISTRY_URI)).isEqualTo(config.get(Keys.TRACKING_URI));
  }

  @Test
  @DisplayName("of two folders the stronger layer decides for both")
  void strongerFolder() {
    sources.variable("MLFLOW_TRACKING_URI", work.resolve("mlruns").toString());
    Config codeWins = builder().store(work.resolve("mine")).build();

    assertThat(codeWins.store()).isEqualTo(work.resolve("mine"));
    assertThat(codeWins.trackingUri()).isEqualTo(work.resolve("mine").toString());

    sources.variable("PLUMBLINE_STORE", work.resolve("store").toString());
    Config uriWins = builder().trackingUri(work.resolve("runs").toString()).build();

    assertThat(uriWins.store()).isEqualTo(work.resolve("runs"));
    assertThat(uriWins.trackingUri()).isEqualTo(work.resolve("runs").toString());
  }

  @Test
  @DisplayName("a folder that another one has taken the place of is named with the variable")
  void weakerFolder() {
    sources.variable("MLFLOW_TRACKING_URI", work.resolve("mlruns").toString());
    sources.variable("PLUMBLINE_STORE", work.resolve("store").toString());

    assertThat(builder().build().source(Keys.TRACKING_URI))
        .isEqualTo("plumbline.store, which wins over environment variable MLFLOW_TRACKING_URI");
  }

  @Test
  @DisplayName("settings that cannot be used are explained with all others, and marked")
  void unusable() throws Exception {
    file("plumbline.tracking.copies = audit=" + work.resolve("none.properties"));
    sources.variable("MLFLOW_TRACKING_URI", "databricks").variable("MLFLOW_RUN_CONTEXT", "notjson");
    sources.variable("PLUMBLINE_EXPERIMENT", "mine");

    Explained explained = builder().explained();

    assertThat(explained.problems())
        .extracting(ConfigException::key)
        .contains("plumbline.tracking.uri", "plumbline.run.context")
        .hasSize(3);
    assertThat(explained.entries()).hasSameSizeAs(Keys.all());
    assertThat(explained.entries())
        .filteredOn(entry -> entry.value().equals("[unusable]"))
        .extracting(Config.Entry::key)
        .containsExactly(
            "plumbline.tracking.uri", "plumbline.run.context", "plumbline.tracking.copies");
    assertThat(Explanation.text(explained))
        .contains("environment variable PLUMBLINE_EXPERIMENT")
        .containsPattern("plumbline.registry.uri +- +plumbline.tracking.uri")
        .containsPattern("(?m)^error: plumbline.run.context .from environment variable MLFLOW_RUN");
    assertThatThrownBy(() -> builder().build()).isInstanceOf(ConfigException.class);
  }

  @Test
  @DisplayName("two folders in one layer are refused unless they are the same")
  void contradiction() {
    Config.Builder builder = builder().store(work).trackingUri(work.resolve("runs").toString());

    assertThatThrownBy(builder::build)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("plumbline.store names " + work);
    assertThat(builder.trackingUri(work.toUri().toString()).build().store()).isEqualTo(work);
  }

  @Test
  @DisplayName("a server leaves the store where it is")
  void server() {
    sources.variable("MLFLOW_TRACKING_URI", "http://h:5000");
    Config config = builder().store(work).build();

    assertThat(config.store()).isEqualTo(work);
    assertThat(config.trackingUri()).isEqualTo("http://h:5000");
    assertThat(config.get(Keys.REGISTRY_URI)).hasToString("http://h:5000");
  }

  @Test
  @DisplayName(
      "an unknown name in any layer is a warning with the nearest one, and never its value")
  void unknownNames() throws Exception {
    sources.property("plumbline.jurnal.fsync", "s3cr3t").property("other.fsync", "x");
    sources.variable("PLUMBLINE_EXPERIMENTS", "s3cr3t").variable("MLFLOW_RUN_ID", "x");
    file("plumbline.stroe=s3cr3t\nenabled=s3cr3t\nunheard.of=s3cr3t\nplumbline.config=s3cr3t");
    Config config = builder().build();
    String path = work.resolve("plumbline.properties").toString();

    assertThat(config.warnings())
        .containsExactlyInAnyOrder(
            "system property plumbline.jurnal.fsync is not a setting and has no effect;"
                + " did you mean plumbline.journal.fsync?",
            "environment variable PLUMBLINE_EXPERIMENTS is not a setting and has no effect;"
                + " did you mean PLUMBLINE_EXPERIMENT?",
            path
                + ":1: plumbline.stroe is not a setting and has no effect;"
                + " did you mean plumbline.store?",
            path
                + ":2: enabled is not a setting and has no effect;"
                + " did you mean plumbline.enabled?",
            path + ":3: unheard.of is not a setting and has no effect",
            path + ":4: plumbline.config has no effect inside a file");
    assertThat(config.explain()).contains(config.warnings()).doesNotContain("s3cr3t");
  }

  @Test
  @DisplayName("a warning is logged once, not by every client that a program opens")
  void warnedOnce() {
    sources.variable("PLUMBLINE_STOR", "x");
    for (int i = 0; i < 100; i++) {
      assertThat(builder().build().warnings()).hasSize(1);
    }

    assertThat(log.lines())
        .containsExactly(
            "WARN environment variable PLUMBLINE_STOR is not a setting and has no effect;"
                + " did you mean PLUMBLINE_STORE?");
  }

  @Test
  @DisplayName("a line that replaces an earlier one is a warning")
  void repeatedLine() throws Exception {
    file("plumbline.experiment=a\nplumbline.experiment=b");
    Config config = builder().build();

    assertThat(config.experiment()).isEqualTo("b");
    assertThat(config.warnings())
        .singleElement()
        .asString()
        .startsWith("plumbline.experiment of ")
        .endsWith("plumbline.properties:2 replaces that of line 1");
  }

  @Test
  @DisplayName("a file shared with others may hold anything that is not ours")
  void sharedFile() throws Exception {
    Path shared = work.resolve("application.properties");
    Files.writeString(shared, "server.port=80\nstore=x\nplumbline.experiment=shared\n");
    Config config = builder().set("config", shared.toString()).build();

    assertThat(config.experiment()).isEqualTo("shared");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  @DisplayName(
      "a named file that is missing, a folder, too large, not UTF-8 or malformed is refused")
  void badFiles() throws Exception {
    Path large = Files.write(work.resolve("large"), new byte[(1 << 20) + 1]);
    Path latin = Files.write(work.resolve("latin"), "a=é".getBytes(StandardCharsets.ISO_8859_1));
    Path malformed = Files.writeString(work.resolve("malformed"), "a=\\u00");

    assertThatFile(work.resolve("missing"), "does not exist");
    assertThatFile(work, "is not a regular file");
    assertThatFile(large, "is larger than 1MiB");
    assertThatFile(latin, "is not in UTF-8");
    assertThatFile(malformed, "line 1 has a \\u");
  }

  private void assertThatFile(Path path, String problem) {
    sources.variable("PLUMBLINE_CONFIG", path.toString());
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "plumbline.config (from environment variable PLUMBLINE_CONFIG): the file " + path)
        .hasMessageContaining(problem);
  }

  @Test
  @DisplayName("a file may begin with a byte order mark and hold any language")
  void unicodeFile() throws Exception {
    file("\uFEFFplumbline.experiment = uçuş-gecikmesi ✈");

    assertThat(builder().build().experiment()).isEqualTo("uçuş-gecikmesi ✈");
  }

  @Test
  @DisplayName("the user is the system's, and unknown where the system has no usable name")
  void user() {
    assertThat(builder().build().get(Keys.USER)).isEqualTo("unknown");
    assertThat(userNamed("ada")).isEqualTo("ada");
    assertThat(userNamed("?")).isEqualTo("unknown");
    assertThat(userNamed("a\nb")).isEqualTo("unknown");
  }

  private String userNamed(String name) {
    sources.property("user.name", name);
    return builder().build().get(Keys.USER);
  }

  @Test
  @DisplayName("explain lists every key with its value and source in columns, on one line each")
  void explain() throws Exception {
    sources.variable("PLUMBLINE_CLOSE_TIMEOUT", "1500ms");
    file("plumbline.journal.segment.size=128m");
    List<String> lines = builder().experiment("a\u202eb").build().explain().lines().toList();

    assertThat(lines).hasSameSizeAs(Keys.all());
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "plumbline\\.close\\.timeout +1500ms +environment variable"
                            + " PLUMBLINE_CLOSE_TIMEOUT"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches("plumbline\\.journal\\.segment\\.size +128MiB +.*properties:1"))
        .anySatisfy(line -> assertThat(line).matches("plumbline\\.experiment +a\\\\u202eb +code"));
  }

  @Test
  @DisplayName("the entries hold key, value, source and purpose of every setting")
  void entries() {
    List<Config.Entry> entries = builder().enabled(false).build().entries();

    assertThat(entries).hasSameSizeAs(Keys.all());
    assertThat(entries)
        .contains(
            new Config.Entry("plumbline.enabled", "false", "code", Keys.ENABLED.doc()),
            new Config.Entry("plumbline.tracking.token", "", "default", Keys.TRACKING_TOKEN.doc()));
  }

  @Test
  @DisplayName("every value that is shown is accepted again")
  void shownIsAccepted() {
    Config first = builder().set("heartbeat.lost", "90s").set("user", "ada").build();
    Config.Builder again = Config.builder().isolated();
    for (Config.Entry entry : first.entries()) {
      if (!entry.value().isEmpty()) {
        again.set(entry.key(), entry.value());
      }
    }

    assertThat(again.build().entries())
        .extracting(Config.Entry::value)
        .isEqualTo(first.entries().stream().map(Config.Entry::value).toList());
  }

  @Test
  @DisplayName("every key has its own name, variable, purpose and accepted values")
  void table() {
    Set<String> names = new HashSet<>();
    for (ConfigKey<?> key : Keys.all()) {
      assertThat(names.add(key.name())).isTrue();
      assertThat(names.add(key.variable())).isTrue();
      assertThat(key.property()).isEqualTo("plumbline." + key.name());
      assertThat(key.variable()).matches("PLUMBLINE_[A-Z_]+");
      assertThat(key.doc()).endsWith(".");
      assertThat(key.accepted()).isNotBlank();
      assertThat(Keys.find(key.name())).isSameAs(key).isSameAs(Keys.find(key.property()));
    }
  }
}
