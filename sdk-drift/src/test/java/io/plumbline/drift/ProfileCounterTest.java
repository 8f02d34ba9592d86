package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A profile's counter")
class ProfileCounterTest {
  private static final int ROWS = 200_000;

  @Test
  @DisplayName("allocates nothing, whatever it counts")
  void allocation() {
    ProfileCounter counter = profile(3).counter();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    count(counter); // what is loaded and compiled at first is not the counter's
    long before = threads.getThreadAllocatedBytes(self);
    count(counter);
    assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(ROWS / 10);
    assertThat(counter.take().rows()).isEqualTo(2L * ROWS);
  }

  private static void count(ProfileCounter counter) {
    StringBuilder text = new StringBuilder("t1");
    for (int i = 0; i < ROWS; i++) {
      counter.count(0, i * 0.01);
      text.setCharAt(1, (char) ('0' + i % 10));
      counter.countText(1, text);
      if (i % 3 == 0) {
        counter.countMissing(2);
      } else {
        counter.count(2, i % 7 == 0 ? Double.NaN : -i);
      }
    }
  }

  @Test
  @DisplayName("counts on where it was after a snapshot, and from zero after taking")
  void snapshots() {
    ProfileCounter counter = profile(1).counter();
    counter.count(0, 1);
    assertThat(counter.snapshot().rows()).isEqualTo(1);
    counter.count(0, 2);
    WindowCounts two = counter.take();
    assertThat(two.column("x0").mean()).hasValue(1.5);
    assertThat(counter.snapshot().rows()).isZero();
    counter.count(0, 4);
    assertThat(counter.take().column("x0").mean()).hasValue(4);
  }

  @Test
  @DisplayName("of 2,000 columns counts and compares like any other")
  void wide() {
    Profile profile = profile(2_000);
    ProfileCounter counter = profile.counter();
    for (int column = 0; column < counter.columns(); column++) {
      if (column != 1) {
        counter.countAll(column, numbers());
      } else {
        counter.countAll(column, texts());
      }
    }
    DriftReport report = Drift.compare(profile, counter.take());
    assertThat(report.columns()).hasSize(2_000);
    assertThat(report.verdict()).isEqualTo(Verdict.OK);
  }

  private static Profile profile(int columns) {
    ProfileBuilder builder = Profile.builder();
    for (int column = 0; column < columns; column++) {
      if (column == 1) {
        builder.add("x1", texts());
      } else {
        builder.add("x" + column, numbers());
      }
    }
    return builder.build();
  }

  private static double[] numbers() {
    return IntStream.range(0, 300).mapToDouble(i -> i * i).toArray();
  }

  private static String[] texts() {
    return IntStream.range(0, 300).mapToObj(i -> "t" + i % 5).toArray(String[]::new);
  }
}
