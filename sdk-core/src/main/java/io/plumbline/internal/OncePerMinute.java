package io.plumbline.internal;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Logs a warning at most once a minute for each cause, and counts what it swallows in between; safe
 * for any number of threads.
 *
 * <p>The first warning of a cause is logged at once. Those of the next minute are counted, and the
 * first one after it is logged with that count. {@link #flush()} logs the counts that no later
 * warning has carried.
 */
public final class OncePerMinute {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /**
   * More causes than these share one: a cause that carries a changing text must not fill memory.
   */
  private static final int MAX_CAUSES = 256;

  private static final String OTHER_CAUSES = "other causes";

  private final Logger log;
  private final Time time;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  /**
   * Makes a guard that has logged nothing yet.
   *
   * @param log where the warnings go
   * @param time the clock; only {@link Time#nanos()} is read
   */
  public OncePerMinute(Logger log, Time time) {
    this.log = Objects.requireNonNull(log, "log");
    this.time = Objects.requireNonNull(time, "time");
  }

  /**
   * Logs a warning, or counts it.
   *
   * @param cause what is limited to one a minute: a fixed word such as {@code disk full}
   * @param message what is logged
   */
  public void warn(String cause, String message) {
    warn(cause, () -> message);
  }

  /**
   * Logs a warning, or counts it.
   *
   * @param cause what is limited to one a minute: a fixed word such as {@code disk full}
   * @param message makes what is logged; called only if it is
   */
  public void warn(String cause, Supplier<String> message) {
    long swallowed = window(cause).arrive(time.nanos());
    // The log is written outside the window's lock: an appender may block.
    if (swallowed == 0) {
      log.warn("{}", message.get());
    } else if (swallowed > 0) {
      log.warn("{} (and {} more since the last such warning)", message.get(), swallowed);
    }
  }

  /** Logs, for each cause, how many warnings were swallowed since its last one. */
  public void flush() {
    windows.forEach(
        (cause, window) -> {
          long swallowed = window.takeSwallowed();
          if (swallowed > 0) {
            log.warn("{} more warnings were not logged: {}", swallowed, cause);
          }
        });
  }

  private Window window(String cause) {
    Window known = windows.get(cause);
    if (known != null) {
      return known;
    }
    String key = windows.size() < MAX_CAUSES ? cause : OTHER_CAUSES;
    return windows.computeIfAbsent(key, absent -> new Window());
  }

  /** What happened to one cause since its last logged warning. */
  private static final class Window {

    private boolean logged;
    private long loggedAt;
    private long swallowed;

    /** Returns how many were swallowed before this one, or -1 if this one is swallowed too. */
    synchronized long arrive(long now) {
      if (logged && now - loggedAt < MINUTE) {
        swallowed++;
        return -1;
      }
      logged = true;
      loggedAt = now;
      return takeSwallowed();
    }

    synchronized long takeSwallowed() {
      long taken = swallowed;
      swallowed = 0;
      return taken;
    }
  }
}
