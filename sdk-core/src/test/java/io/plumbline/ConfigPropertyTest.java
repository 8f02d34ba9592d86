package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.FakeTime;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.RecordingLogger;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.FakeSources;
import io.plumbline.internal.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

@Label("Whatever layers have a setting, the strongest decides and no secret shows")
class ConfigPropertyTest {

  private static final String CANARY = "c4n4ry";

  /** The layers, strongest first. */
  enum Place {
    CODE,
    PROPERTY,
    VARIABLE,
    MLFLOW_VARIABLE,
    FILE
  }

  private static Path work = Path.of("");
  private static Path file = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    work = Files.createTempDirectory("config");
    file = work.resolve("plumbline.properties");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(work);
  }

  @Property(tries = 500)
  @Label("the strongest layer that has a value that is not blank decides")
  void precedence(
      @ForAll("keysWithFiveLayers") ConfigKey<?> key,
      @ForAll Set<Place> with,
      @ForAll Set<Place> blank)
      throws IOException {
    Layers layers = new Layers();
    EnumSet<Place> deciding = EnumSet.noneOf(Place.class);
    for (Place place : with) {
      boolean empty = blank.contains(place) && place != Place.CODE;
      layers.set(place, key, empty ? " " : valueFor(key, place));
      if (!empty) {
        deciding.add(place);
      }
    }
    Config.Entry entry = entry(layers.build(), key);

    if (deciding.isEmpty()) {
      assertThat(entry.source()).startsWith(key == Keys.REGISTRY_URI ? "plumbline." : "default");
    } else {
      Place strongest = deciding.iterator().next();
      assertThat(entry.value()).isEqualTo(valueFor(key, strongest));
      assertThat(entry.source()).isEqualTo(sourceOf(key, strongest));
    }
  }

  @Property(tries = 300)
  @Label(
      "a secret shows in no explanation, entry, warning, message or log line, wherever it stands")
  void secrets(
      @ForAll("secretKeys") ConfigKey<?> secret,
      @ForAll Place place,
      @ForAll("valuesWithSecrets") String address,
      @ForAll boolean addressToo)
      throws IOException {
    Layers layers = new Layers();
    layers.set(place, secret, CANARY);
    layers.sources.property("plumbline.tracking.tokn", CANARY);
    layers.sources.variable("PLUMBLINE_TRACKING_TOKN", CANARY);
    if (addressToo) {
      layers.set(place, Keys.TRACKING_URI, address);
    }
    String shown;
    try {
      Config config = layers.build();
      assertThat(config.find(secret).map(Object::toString)).contains("[hidden]");
      shown = config.explain() + config.entries() + config.warnings() + config;
    } catch (ConfigException e) {
      shown = e.toString() + e.source() + e.accepted() + e.getCause();
    }

    assertThat(shown + layers.log.lines()).isNotBlank().doesNotContain(CANARY);
  }

  @Property(tries = 300)
  @Label("any text for any key is a value or a ConfigException that names the key, on one line")
  void hostile(@ForAll("anyKey") ConfigKey<?> key, @ForAll String text) throws IOException {
    Layers layers = new Layers();
    layers.set(Place.CODE, key, text);
    try {
      assertThat(layers.build().explain().lines()).hasSameSizeAs(Keys.all());
    } catch (ConfigException e) {
      assertThat(e.key()).isEqualTo(key.property());
      assertThat(e.toString().chars().noneMatch(Character::isISOControl)).isTrue();
    }
  }

  @Provide
  Arbitrary<ConfigKey<?>> keysWithFiveLayers() {
    return Arbitraries.of(Keys.EXPERIMENT, Keys.TRACKING_USERNAME, Keys.REGISTRY_URI);
  }

  @Provide
  Arbitrary<ConfigKey<?>> secretKeys() {
    return Arbitraries.of(Keys.TRACKING_PASSWORD, Keys.TRACKING_TOKEN);
  }

  @Provide
  Arbitrary<ConfigKey<?>> anyKey() {
    return Arbitraries.of(Keys.all());
  }

  @Provide
  Arbitrary<String> valuesWithSecrets() {
    return Arbitraries.of(
        "http://user:" + CANARY + "@host/",
        "http://" + CANARY + "@host",
        "http://host/?token=" + CANARY,
        "https://user:" + CANARY + "@not a host",
        "postgresql://user:" + CANARY + "@host/db",
        "s3://user:" + CANARY + "@bucket");
  }

  private static String valueFor(ConfigKey<?> key, Place place) {
    String word = place.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return key == Keys.REGISTRY_URI ? "http://" + word : word;
  }

  private static String sourceOf(ConfigKey<?> key, Place place) {
    return switch (place) {
      case CODE -> "code";
      case PROPERTY -> "system property " + key.property();
      case VARIABLE -> "environment variable " + key.variable();
      case MLFLOW_VARIABLE -> "environment variable " + key.mlflowVariables().get(0);
      case FILE -> file + ":1";
    };
  }

  private static Config.Entry entry(Config config, ConfigKey<?> key) {
    List<Config.Entry> found =
        config.entries().stream().filter(entry -> entry.key().equals(key.property())).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  /** The layers of one configuration. */
  private static final class Layers {

    private final FakeSources sources = new FakeSources().workingDirectory(work);
    private final Config.Builder builder = Config.builder();
    private final StringBuilder lines = new StringBuilder();
    private final RecordingLogger log = new RecordingLogger();

    void set(Place place, ConfigKey<?> key, String value) {
      switch (place) {
        case CODE -> builder.set(key.name(), value);
        case PROPERTY -> sources.property(key.property(), value);
        case VARIABLE -> sources.variable(key.variable(), value);
        case MLFLOW_VARIABLE -> sources.variable(key.mlflowVariables().get(0), value);
        case FILE -> lines.append(key.property()).append('=').append(value).append('\n');
      }
    }

    Config build() throws IOException {
      Files.writeString(file, lines);
      return builder.sources(sources, new OncePerMinute(log, new FakeTime())).build();
    }
  }
}
