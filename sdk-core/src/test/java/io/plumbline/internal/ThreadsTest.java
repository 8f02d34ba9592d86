package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The SDK's threads keep nothing of the application alive")
class ThreadsTest {

  @Test
  @DisplayName("a thread is a daemon, is named plumbline-..., and has no context class loader")
  void daemon() {
    Thread thread = Threads.daemon("writer", () -> {});

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("plumbline-writer");
    assertThat(thread.getContextClassLoader()).isNull();
    assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
  }

  @Test
  @DisplayName("a factory numbers its threads from 1")
  void numbered() {
    ThreadFactory factory = Threads.factory("courier");

    assertThat(factory.newThread(() -> {}).getName()).isEqualTo("plumbline-courier-1");
    assertThat(factory.newThread(() -> {}).getName()).isEqualTo("plumbline-courier-2");
  }

  @Test
  @DisplayName("a thread inherits no thread locals of the one that made it")
  void noInheritedLocals() throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("of the caller");
    AtomicReference<String> seen = new AtomicReference<>("not run");
    Thread thread = Threads.daemon("probe", () -> seen.set(String.valueOf(local.get())));
    thread.start();
    thread.join(10_000);

    assertThat(seen).hasValue("null");
  }

  @Test
  @DisplayName("the sleeper of this machine ends with an InterruptedException when interrupted")
  void sleeper() throws Exception {
    Sleeper.SYSTEM.sleep(0);
    Sleeper.SYSTEM.sleep(-1);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Sleeper.SYSTEM.sleep(1)).isInstanceOf(InterruptedException.class);
  }

  @Test
  @DisplayName("the clocks of this machine tell the time")
  void clocks() {
    long before = System.currentTimeMillis();
    long nanosBefore = System.nanoTime();

    assertThat(Time.SYSTEM.millis()).isBetween(before, System.currentTimeMillis());
    assertThat(Time.SYSTEM.nanos()).isBetween(nanosBefore, System.nanoTime());
  }
}
