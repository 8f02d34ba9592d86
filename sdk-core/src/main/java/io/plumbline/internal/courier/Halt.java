package io.plumbline.internal.courier;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Why nothing more is delivered to a destination, once somebody has said so. */
final class Halt {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final Runnable then;

  /**
   * Makes it.
   *
   * @param then what is done once it is said
   */
  Halt(Runnable then) {
    this.then = then;
  }

  /** Returns the first reason; null while there is none. */
  @Nullable String reason() {
    return reason.get();
  }

  void stop(String why) {
    reason.compareAndSet(null, why);
    then.run();
  }
}
