package io.plumbline.internal;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Repeats the calls of a backend whose answer did not come: for who waits for it. All calls of the
 * SPI may be repeated, because they carry keys where that matters.
 */
public final class Retrying {
  private static final long FIRST_WAIT = 200_000_000L;
  private static final long LONGEST_WAIT = 10_000_000_000L;
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private final Object target;
  private final int retries;
  private final Sleeper sleeper;

  private Retrying(Object target, int retries, Sleeper sleeper) {
    this.target = target;
    this.retries = retries;
    this.sleeper = sleeper;
  }

  /**
   * Returns the same, with patience: the attempts begin within a minute.
   *
   * @param type a store of the SPI
   * @param retries how often a call is repeated at most
   */
  public static <T> T of(Class<T> type, T target, int retries, Sleeper sleeper) {
    Retrying retrying = new Retrying(target, retries, sleeper);
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> retrying.call(method, arguments)));
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    long start = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        long wait = waitAfter(attempt, cause);
        if (wait < 0 || System.nanoTime() - start + wait > DEADLINE.toNanos()) {
          throw cause;
        }
        pause(wait, cause);
      }
    }
  }

  private void pause(long wait, Throwable cause) throws Throwable {
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }

  /** Returns how long to wait before the next attempt, or -1 for none. */
  private long waitAfter(int attempt, Throwable cause) {
    if (attempt > retries || !(cause instanceof PlumblineException) || !mayPass(cause)) {
      return -1;
    }
    long ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(10, attempt - 1));
    long wait = (long) (ThreadLocalRandom.current().nextDouble() * ceiling);
    if (cause instanceof ServerException.RateLimited limited) {
      Duration wanted = limited.retryAfter().orElse(Duration.ZERO);
      return wanted.compareTo(DEADLINE) > 0 ? -1 : wanted.toNanos() + wait;
    }
    return wait;
  }

  /** Returns whether the same request may succeed later. */
  public static boolean mayPass(Throwable cause) {
    return cause instanceof TransportException
        || cause instanceof ServerException.RateLimited
        || (cause instanceof ServerException server
            && server.status() >= 500
            && server.status() != 501);
  }
}
