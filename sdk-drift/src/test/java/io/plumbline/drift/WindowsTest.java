package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Windows by event time")
class WindowsTest {
  private static final Instant START = Instant.parse("2013-04-01T00:00:00Z");
  private static final Profile PROFILE =
      Profile.builder().add("x", IntStream.range(0, 1_000).mapToDouble(i -> i).toArray()).build();

  @Test
  @DisplayName("are cut by the hour, and a late row still finds its own")
  void tumbling() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1), Duration.ofMinutes(5), 1);
    for (int minute = 0; minute < 150; minute++) {
      count(windows, START.plusSeconds(60L * minute), Windows.ALL, 10);
      if (minute == 63) {
        count(windows, START.plusSeconds(59 * 60), Windows.ALL, 7);
        assertThat(windows.close(at(minute))).isEmpty();
      }
      if (minute == 65) {
        List<Windows.Window> closed = windows.close(at(minute));
        assertThat(closed).hasSize(1);
        assertThat(closed.get(0).counts().rows()).isEqualTo(607);
        assertThat(closed.get(0).counts().from()).contains(START);
        assertThat(closed.get(0).counts().to()).contains(at(60));
        assertThat(windows.counter(at(59))).as("its window is over").isNull();
      }
    }
    assertThat(windows.late()).isEqualTo(1);
    assertThat(windows.close(at(150)).get(0).counts().rows()).isEqualTo(600);
    assertThat(windows.close(at(0))).as("a clock that goes back").isEmpty();
    assertThat(windows.closeAll().get(0).counts().rows()).isEqualTo(300);
  }

  @Test
  @DisplayName("with too few rows are merged into the next ones")
  void merging() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1));
    count(windows, at(10), Windows.ALL, 90);
    count(windows, at(70), Windows.ALL, 90);
    assertThat(windows.close(at(125))).isEmpty();
    count(windows, at(130), Windows.ALL, 90);
    List<Windows.Window> closed = windows.close(at(185));
    assertThat(closed).hasSize(1);
    assertThat(closed.get(0).counts().rows()).isEqualTo(270);
    assertThat(closed.get(0).counts().from()).contains(START);
    assertThat(closed.get(0).counts().to()).contains(at(180));
    count(windows, at(190), Windows.ALL, 3);
    assertThat(windows.closeAll().get(0).counts().rows()).isEqualTo(3);
    assertThat(windows.closeAll()).isEmpty();
  }

  @Test
  @DisplayName("are kept for each slice, of which there may be a hundred")
  void slices() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofDays(1), Duration.ZERO, 1);
    for (int slice = 0; slice < 150; slice++) {
      count(windows, at(1), "s" + slice, 2);
    }
    List<Windows.Window> closed = windows.close(at(1_440));
    assertThat(closed).hasSize(101);
    assertThat(closed)
        .filteredOn(window -> window.slice().equals("(other)"))
        .singleElement()
        .satisfies(window -> assertThat(window.counts().rows()).isEqualTo(100));
  }

  @Test
  @DisplayName("are kept for a hundred slices at once, however many there were before")
  void slicesCome() {
    for (int leastRows : new int[] {1, 10}) {
      Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1), Duration.ZERO, leastRows);
      long rows = 0;
      for (int hour = 0; hour < 30; hour++) {
        for (int slice = 0; slice < 20; slice++) {
          String name = "s" + hour + "-" + slice;
          count(windows, at(hour * 60 + 1), name, 2);
          assertThat(windows.open(name)).isPresent();
        }
        for (Windows.Window window : windows.close(at(hour * 60 + 60))) {
          rows += window.counts().rows();
        }
      }
      List<Windows.Window> rest = windows.closeAll();
      assertThat(rest).hasSizeLessThanOrEqualTo(101);
      rows += rest.stream().mapToLong(window -> window.counts().rows()).sum();
      assertThat(rows).isEqualTo(30 * 20 * 2);
    }
  }

  @Test
  @DisplayName("of the slices beyond a hundred are bounded as those of any slice are")
  void otherSlicesAreBounded() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1), Duration.ZERO, 1);
    for (int slice = 0; slice < 100; slice++) {
      count(windows, at(1), "s" + slice, 1);
    }
    for (int hour = 0; hour < 1_000; hour++) {
      ProfileCounter unused = windows.counter(at(hour * 60), "another");
    }
    assertThat(windows.early()).isGreaterThan(900);
  }

  @Test
  @DisplayName("are not ended by a row from the future, nor do such rows fill the memory")
  void jumps() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1), Duration.ZERO, 1);
    windows.close(START);
    assertThat(windows.counter(START.plus(Duration.ofDays(400)))).isNull();
    assertThat(windows.early()).isEqualTo(1);
    count(windows, at(5), Windows.ALL, 10);
    assertThat(windows.close(at(60)).get(0).counts().rows()).isEqualTo(10);
    Windows fresh = Windows.tumbling(PROFILE, Duration.ofMinutes(1), Duration.ZERO, 1);
    for (int minute = 0; minute < 100; minute++) {
      fresh.counter(at(minute));
    }
    assertThat(fresh.early()).as("before anything was closed").isBetween(90L, 99L);
    assertThatThrownBy(() -> Windows.tumbling(PROFILE, Duration.ofSeconds(90)))
        .hasMessageContaining("whole minutes");
  }

  @Test
  @DisplayName(
      "are ended once, whatever the clock does: set back it ends nothing, set on it ends all")
  void clockJumps() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofHours(1), Duration.ZERO, 1);
    count(windows, at(5), Windows.ALL, 10);
    assertThat(windows.close(at(60))).hasSize(1);
    count(windows, at(65), Windows.ALL, 20);
    assertThat(windows.close(at(-100_000))).as("set back").isEmpty();
    assertThat(windows.counter(at(5))).as("that window is over").isNull();
    assertThat(windows.late()).isEqualTo(1);
    count(windows, at(70), Windows.ALL, 5);
    List<Windows.Window> all = windows.close(START.plus(Duration.ofDays(4_000)));
    assertThat(all).hasSize(1);
    assertThat(all.get(0).counts().rows()).isEqualTo(25);
    assertThat(windows.counter(at(80))).as("set on, rows of now come too late").isNull();
    assertThat(windows.closeAll()).isEmpty();
    assertThat(windows.late()).isEqualTo(2);
  }

  private static Instant at(int minute) {
    return START.plusSeconds(60L * minute);
  }

  private static void count(Windows windows, Instant time, String slice, int rows) {
    for (int i = 0; i < rows; i++) {
      ProfileCounter counter = windows.counter(time, slice);
      assertThat(counter).isNotNull();
      if (counter != null) {
        counter.count(0, i);
      }
    }
  }
}
