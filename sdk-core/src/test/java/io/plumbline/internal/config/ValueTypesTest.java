package io.plumbline.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Values are read in the forms that people write, and in no other")
class ValueTypesTest {

  private static final DurationType DURATION =
      DurationType.between(Duration.ZERO, Duration.ofDays(7));
  private static final BytesType BYTES = BytesType.zeroOrFrom("none", 1);
  private static final StoreUriType URI = new StoreUriType();

  @ParameterizedTest(name = "{0} is {1} nanoseconds")
  @CsvSource({
    "500ms, 500000000",
    "1s, 1000000000",
    "2m, 120000000000",
    "PT1S, 1000000000",
    "pt0.5s, 500000000",
    "1 H, 3600000000000",
    "7d, 604800000000000",
    "3us, 3000",
    "0, 0",
    "0s, 0"
  })
  @DisplayName("a duration has a number and a unit, or is in ISO's form")
  void durations(String text, long nanos) throws Exception {
    assertThat(DURATION.parse(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "-1s",
        "1.5s",
        "1 week",
        "PT",
        "P1Y",
        "s",
        "8d",
        "PT-1S",
        "1s1s",
        "١s",
        "99999999999999999999999d",
        "NaN"
      })
  @DisplayName("a duration without a unit, out of its range or in another form is refused")
  void badDurations(String text) {
    assertThatThrownBy(() -> DURATION.parse(text)).isInstanceOf(BadValueException.class);
  }

  @ParameterizedTest(name = "{0} is {1} bytes")
  @CsvSource({
    "64MiB, 67108864",
    "64MB, 67108864",
    "1048576, 1048576",
    "1g, 1073741824",
    "0, 0",
    "5 b, 5",
    "2 kib, 2048",
    "1T, 1099511627776",
    "7E, 8070450532247928832"
  })
  @DisplayName("a size has a number and a unit that is a power of 1024")
  void sizes(String text, long bytes) throws Exception {
    assertThat(BYTES.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(strings = {"", "-1", "1.5g", "MiB", "1 mile", "1x", "1gg", "0x10", "1KiBB", "1i"})
  @DisplayName("a size in another form is refused")
  void badSizes(String text) {
    assertThatThrownBy(() -> BYTES.parse(text)).isInstanceOf(BadValueException.class);
  }

  @Test
  @DisplayName(
      "a size outside its range, too large for a long, or no power of two where one is due is"
          + " refused")
  void sizeRange() {
    BytesType type = BytesType.powerOfTwo(1024, 4096);

    assertThatThrownBy(() -> type.parse("1")).hasMessage("'1' is too small");
    assertThatThrownBy(() -> type.parse("0")).hasMessage("'0' is too small");
    assertThatThrownBy(() -> type.parse("8k")).hasMessage("'8k' is too large");
    assertThatThrownBy(() -> type.parse("9999999E")).hasMessage("'9999999E' is too large");
    assertThatThrownBy(() -> type.parse("3k")).hasMessage("'3k' is not a power of two");
  }

  @Test
  @DisplayName("words are read in any case, whatever the language of the machine")
  void words() throws Exception {
    EnumType<FsyncPolicy> type = new EnumType<>(FsyncPolicy.class);

    assertThat(type.parse(" INTERVAL ")).isEqualTo(FsyncPolicy.INTERVAL);
    assertThat(type.format(FsyncPolicy.INTERVAL)).isEqualTo("interval");
    assertThat(type.accepted()).isEqualTo("none, interval, batch");
    assertThatThrownBy(() -> type.parse("always")).hasMessage("'always' is not one of them");
    assertThat(new BooleanType().parse("TRUE")).isTrue();
    assertThat(new BooleanType().parse("off")).isFalse();
    assertThatThrownBy(() -> new BooleanType().parse("2"))
        .hasMessage("'2' is neither true nor false");
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(strings = {"runs", "./runs", "file:runs", "file:./runs"})
  @DisplayName("a relative path or file: URI is a folder in the working directory")
  void relativeFolders(String text) throws Exception {
    assertThat(URI.parse(text).folder()).isEqualTo(Path.of("").toAbsolutePath().resolve("runs"));
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(
      strings = {
        "/data/my runs",
        "file:/data/my%20runs",
        "file:///data/my%20runs",
        "FILE://localhost/data/my%20runs"
      })
  @DisplayName("an absolute path or file: URI is a folder")
  void absoluteFolders(String text) throws Exception {
    StoreUri uri = URI.parse(text);

    assertThat(uri.folder()).isEqualTo(Path.of("/data/my runs"));
    assertThat(uri.remote()).isNull();
    assertThat(uri.scheme()).isEqualTo("file");
    assertThat(uri).isEqualTo(StoreUri.of(Path.of("/data/my runs"))).hasToString("/data/my runs");
  }

  @Test
  @DisplayName("an address keeps its path and loses its trailing slashes")
  void addresses() throws Exception {
    StoreUri uri = URI.parse("HTTPS://ml.example:5000/prefix//");

    assertThat(uri).hasToString("HTTPS://ml.example:5000/prefix");
    assertThat(uri.scheme()).isEqualTo("https");
    assertThat(uri.folder()).isNull();
    assertThat(URI.parse("s3://bucket/runs").scheme()).isEqualTo("s3");
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(
      strings = {"127.0.0.1:5911", "ml.example:5000/prefix", "localhost:80", "[::1]:5000/"})
  @DisplayName("an address without its scheme is refused, and not made a folder")
  void withoutScheme(String text) throws Exception {
    assertThatThrownBy(() -> URI.parse(text))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("http://" + text)
        .hasMessageContaining("./" + text);
    assertThat(URI.parse("./" + text).folder()).isNotNull();
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(
      strings = {
        "sqlite:///mlflow.db",
        "databricks",
        "databricks://profile",
        "databricks-uc",
        "postgresql+psycopg2://u:s3cr3t@h/db",
        "mysql://u:s3cr3t@h/db",
        "http://",
        "http:/h",
        "https://u:s3cr3t@h/",
        "http://h/?token=s3cr3t",
        "http://h/#s3cr3t",
        "http://h/a b s3cr3t",
        "file://elsewhere/x",
        "file:///a%zz",
        "~/runs",
        "~",
        "a\0b",
        "s3://key:s3cr3t@bucket"
      })
  @DisplayName("what no JVM can open, or what holds credentials, is refused and not shown")
  void badPlaces(String text) {
    assertThatThrownBy(() -> URI.parse(text))
        .isInstanceOf(BadValueException.class)
        .message()
        .doesNotContain("s3cr3t");
  }

  @Test
  @DisplayName("a path with .. is not shortened, because a symbolic link may stand before it")
  void parents() throws Exception {
    assertThat(PathType.toPath("/data/link/../runs")).isEqualTo(Path.of("/data/link/../runs"));
    assertThat(PathType.toPath("/data/./runs")).isEqualTo(Path.of("/data/runs"));
  }

  @Test
  @DisplayName("a name is one line of bounded length and is kept exactly")
  void names() throws Exception {
    TextType type = new TextType(5);

    assertThat(type.parse(" a é ")).isEqualTo(" a é ");
    assertThatThrownBy(() -> type.parse("\t ")).hasMessage("it is blank");
    assertThatThrownBy(() -> type.parse("abcdef")).hasMessage("it has 6 characters");
    assertThatThrownBy(() -> type.parse("a\nb")).hasMessage("'a\\u000ab' has a control character");
  }
}
