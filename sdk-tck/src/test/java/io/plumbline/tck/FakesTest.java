package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.TransportException;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import io.plumbline.tck.FaultyBackend.When;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The fakes")
class FakesTest {
  private final FakeClock clock = new FakeClock(1_000);
  private final FakeSleeper sleeper = new FakeSleeper(clock);
  private FaultyBackend faulty;
  private String run;

  @BeforeEach
  void open(@TempDir Path folder) {
    faulty =
        new FaultyBackend(
            EmbeddedBackend.open(folder.resolve("store"), JournalOptions.DEFAULT), sleeper);
    String experiment = faulty.runs().createExperiment("faults", Map.of()).id();
    run = faulty.runs().createRun(new NewRun("run-1", experiment, "name", "", null, 0, Map.of()));
  }

  @AfterEach
  void close() {
    faulty.close();
  }

  private void tag(String value) {
    faulty.runs().apply(run, "batch of " + value, List.of(new RunUpdate.SetTag("t", value)));
  }

  private String tag() {
    return String.valueOf(faulty.runs().find(run).orElseThrow().tags().get("t"));
  }

  @Test
  @DisplayName("A clock stands until it is moved; a jump moves the wall clock only")
  void clock() {
    clock.pass(Duration.ofSeconds(2));
    assertThat(clock.millis()).isEqualTo(3_000);
    assertThat(clock.nanos()).isEqualTo(2_000_000_000L);
    clock.jump(Duration.ofHours(-1));
    assertThat(clock.millis()).isEqualTo(3_000 - 3_600_000);
    assertThat(clock.nanos()).isEqualTo(2_000_000_000L);
    assertThatThrownBy(() -> clock.pass(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("A sleeper does not wait, but time passes; an interrupted thread does not sleep")
  void sleeper() throws InterruptedException {
    sleeper.sleep(1_500_000);
    sleeper.sleep(-1);
    assertThat(sleeper.slept()).containsExactly(Duration.ofNanos(1_500_000), Duration.ZERO);
    assertThat(clock.nanos()).isEqualTo(1_500_000);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> sleeper.sleep(1)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(sleeper.slept()).hasSize(2);
  }

  @Test
  @DisplayName("A faulty backend fails the nth call before it was stored, and no other")
  void before() {
    faulty.fail("apply", 2, When.BEFORE, () -> new TransportException("reset"));
    tag("1");
    assertThatThrownBy(() -> tag("2")).isInstanceOf(TransportException.class).hasMessage("reset");
    assertThat(tag()).isEqualTo("1");
    tag("3");
    assertThat(tag()).isEqualTo("3");
  }

  @Test
  @DisplayName("A faulty backend loses an answer: all was stored")
  void after() {
    faulty.fail("apply", 1, When.AFTER, () -> new TransportException("lost"));
    assertThatThrownBy(() -> tag("1")).isInstanceOf(TransportException.class);
    assertThat(tag()).isEqualTo("1");
  }

  @Test
  @DisplayName("A faulty backend refuses all calls until it accepts them again")
  void refuses() {
    RunStore runs = faulty.runs();
    faulty.refuse(() -> new TransportException("refused"));
    assertThatThrownBy(() -> tag("1")).isInstanceOf(TransportException.class);
    assertThatThrownBy(() -> runs.find(run)).isInstanceOf(TransportException.class);
    faulty.accept();
    tag("2");
    assertThat(tag()).isEqualTo("2");
    assertThat(faulty.calls())
        .containsExactly("createExperiment", "createRun", "apply", "find", "apply", "find");
  }

  @Test
  @DisplayName("A faulty backend fails any method's call, and waits by its sleeper")
  void anyAndDelay() {
    faulty.delay(Duration.ofSeconds(30));
    faulty.fail("*", 2, When.BEFORE, () -> new TransportException("any"));
    tag("1");
    assertThatThrownBy(() -> faulty.runs().find(run)).isInstanceOf(TransportException.class);
    assertThat(sleeper.slept()).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  @Test
  @DisplayName(
      "A fault of a method that does not exist, or of no call, is an IllegalArgumentException")
  void misspelt() {
    assertThatThrownBy(() -> faulty.fail("aply", 1, When.BEFORE, () -> new TransportException("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("aply");
    assertThatThrownBy(
            () -> faulty.fail("apply", 0, When.BEFORE, () -> new TransportException("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("The failures and exceptions of the backend behind pass through as they are")
  void passesThrough() {
    faulty.runs().apply(run, "p", List.of(new RunUpdate.LogParam("p", "1")));
    assertThatThrownBy(
            () -> faulty.runs().apply(run, "q", List.of(new RunUpdate.LogParam("p", "2"))))
        .isInstanceOf(io.plumbline.ConflictException.class);
    assertThat(faulty.capabilities()).isNotEmpty();
  }
}
