package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A ring takes records from many threads and gives each of them once")
class RingTest {
  private static final int SLOTS = 64;

  @TempDir private Path folder;

  private Ring mapped() throws IOException {
    return Ring.mapped(folder.resolve("ring"), SLOTS * Ring.SLOT, 7, 1, () -> {});
  }

  private ByteBuffer slots() throws IOException {
    ByteBuffer slots = Ring.readFile(folder.resolve("ring")).slots();
    assertThat(slots).isNotNull();
    return slots == null ? ByteBuffer.allocate(0) : slots;
  }

  @ParameterizedTest(name = "mapped: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("What was put in comes out, over many laps, in a file or in memory")
  void laps(boolean inFile) throws IOException {
    Ring ring = inFile ? mapped() : Ring.heap(SLOTS * Ring.SLOT, () -> {});
    assertThat(ring.isMapped()).isEqualTo(inFile);
    for (int i = 0; i < SLOTS * 5; i++) {
      assertThat(ring.published(i)).isFalse();
      assertThat(ring.offer(i, i + 0.5, -i, 1_000_000L + i)).isTrue();
      assertThat(ring.published(i)).isTrue();
      assertThat(ring.key(i)).isEqualTo(i);
      assertThat(ring.value(i)).isEqualTo(i + 0.5);
      assertThat(ring.step(i)).isEqualTo(-i);
      assertThat(ring.time(i)).isEqualTo(1_000_000L + i);
      ring.limit(i + 1L + SLOTS);
    }
    assertThat(ring.tail()).isEqualTo(SLOTS * 5);
  }

  @Test
  @DisplayName("A full ring refuses, and takes again what it is given room for")
  void full() {
    Ring ring = Ring.heap(SLOTS * Ring.SLOT, () -> {});
    for (int i = 0; i < SLOTS; i++) {
      assertThat(ring.offer(1, i, i, i)).isTrue();
    }
    assertThat(ring.offer(1, 0, 0, 0)).isFalse();
    ring.limit(SLOTS + 2);
    assertThat(ring.offer(1, 0, 0, 0)).isTrue();
    assertThat(ring.offer(1, 0, 0, 0)).isTrue();
    assertThat(ring.offer(1, 0, 0, 0)).isFalse();
    assertThat(ring.tail()).isEqualTo(SLOTS + 2);
  }

  @Test
  @DisplayName("A sealed ring takes nothing any more, and its tail stays what it was")
  void sealed() {
    Ring ring = Ring.heap(SLOTS * Ring.SLOT, () -> {});
    assertThat(ring.offer(1, 0, 0, 0)).isTrue();
    ring.seal();
    ring.seal();
    assertThat(ring.offer(1, 0, 0, 0)).isFalse();
    assertThat(ring.tail()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "A slot that was claimed and never published is not seen as published, and is taken once as abandoned")
  void abandoned() {
    Ring ring = Ring.heap(SLOTS * Ring.SLOT, () -> {});
    AtomicInteger overflows = new AtomicInteger();
    long claimed = overflow(ring, overflows);
    assertThat(overflows.get()).isPositive();
    long taken = 0;
    for (long s = 0; s < claimed; s++) {
      // Whatever a thread without stack left: published, or marked, and never neither.
      if (!ring.published(s)) {
        assertThat(ring.takeAbandoned(s)).isTrue();
        assertThat(ring.takeAbandoned(s)).isFalse();
        taken++;
      }
    }
    assertThat(taken).isLessThanOrEqualTo(claimed);
  }

  /** Calls the ring at every depth just before the stack ends; returns how far the tail came. */
  private static long overflow(Ring ring, AtomicInteger overflows) {
    Thread thread = new Thread(null, () -> dive(ring, overflows, 0), "no stack", 256 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> overflows.incrementAndGet());
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return ring.tail();
  }

  private static void dive(Ring ring, AtomicInteger overflows, int depth) {
    try {
      if (depth < Integer.MAX_VALUE) {
        dive(ring, overflows, depth + 1);
      }
    } catch (StackOverflowError e) {
      overflows.incrementAndGet();
      ring.offer(1, 2, 3, 4);
      throw e;
    }
  }

  @ParameterizedTest(name = "mapped: {0}")
  @ValueSource(booleans = {true, false})
  @DisplayName("Four threads and one reader: each record comes out once, a thread's own in order")
  void threads(boolean inFile) throws Exception {
    Ring ring = inFile ? mapped() : Ring.heap(SLOTS * Ring.SLOT, () -> {});
    int each = 50_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int key = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  while (!ring.offer(key, i, key + 4L * i, i)) {
                    Thread.onSpinWait();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    int[] next = new int[4];
    for (long s = 0; s < 4L * each; s++) {
      while (!ring.published(s)) {
        Thread.onSpinWait();
      }
      int key = ring.key(s);
      assertThat(ring.value(s)).isEqualTo(next[key]);
      assertThat(ring.step(s)).isEqualTo(key + 4L * next[key]);
      next[key]++;
      ring.limit(s + 1 + SLOTS);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(next).containsOnly(each);
  }

  @Test
  @DisplayName(
      "A file's slots read back, the newest of each place; places never used read as nothing")
  void file() throws IOException {
    Ring ring = mapped();
    for (int i = 0; i < SLOTS + 3; i++) {
      ring.limit(i + 1L);
      ring.offer(i, i, i, i);
    }
    ByteBuffer slots = slots();
    for (int i = 0; i < SLOTS; i++) {
      long sequence = i < 3 ? SLOTS + i : i;
      assertThat(Ring.read(slots, i))
          .isEqualTo(new Ring.Slot(sequence, (int) sequence, sequence, sequence, sequence, true));
    }
    Files.delete(folder.resolve("ring"));
    mapped();
    assertThat(Ring.read(slots(), 5)).isNull();
  }

  @Test
  @DisplayName("A flipped bit in a slot is seen")
  void damagedSlot() throws IOException {
    mapped().offer(1, 2.5, 3, 4);
    byte[] bytes = Files.readAllBytes(folder.resolve("ring"));
    for (int bit = 0; bit < Ring.SLOT * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[Ring.HEADER + bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(folder.resolve("ring"), damaged);
      Ring.Slot slot = Ring.read(slots(), 0);
      assertThat(slot).isNotNull().satisfies(s -> assertThat(s.intact()).isFalse());
    }
  }

  @Test
  @DisplayName("A damaged header is told, and the slots are read all the same")
  void damagedHeader() throws IOException {
    mapped().offer(1, 2.5, 3, 4);
    byte[] bytes = Files.readAllBytes(folder.resolve("ring"));
    for (int at = 0; at < 44; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(folder.resolve("ring"), damaged);
      Ring.Content content = Ring.readFile(folder.resolve("ring"));
      assertThat(content.problem()).contains("header is damaged");
      assertThat(Ring.read(slots(), 0)).isEqualTo(new Ring.Slot(0, 1, 2.5, 3, 4, true));
    }
  }

  @Test
  @DisplayName("A file that is no ring is refused by its length")
  void noRing() throws IOException {
    for (int length : new int[] {0, 100, Ring.HEADER, Ring.HEADER + 33}) {
      Files.write(folder.resolve("ring"), new byte[length]);
      Ring.Content content = Ring.readFile(folder.resolve("ring"));
      assertThat(content.slots()).isNull();
      assertThat(content.problem()).contains("length of " + length);
    }
  }

  @Test
  @DisplayName("A ring's file is never written over")
  void exists() throws IOException {
    mapped();
    assertThatThrownBy(this::mapped).isInstanceOf(IOException.class);
  }
}
