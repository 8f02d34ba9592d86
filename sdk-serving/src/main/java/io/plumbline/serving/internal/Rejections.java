package io.plumbline.serving.internal;

import io.plumbline.ServerException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/**
 * The versions that were not taken, and why. One that failed a check stays rejected; one that could
 * not be had, for lack of a connection or of room, is tried again ever more rarely.
 */
final class Rejections {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private record Key(String name, int version, String digest) {}

  private record Rejection(String uri, RuntimeException cause, int times, long again) {}

  private final Map<Key, Rejection> all = new ConcurrentHashMap<>();
  private final Time time;

  Rejections(Time time) {
    this.time = time;
  }

  private static Key key(ModelVersion version) {
    return new Key(version.name(), version.version(), version.digest());
  }

  void add(ModelVersion version, RuntimeException cause) {
    Rejection before = all.get(key(version));
    int times = before == null ? 1 : before.times() + 1;
    boolean passing = passes(cause);
    long pause = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(20, times - 1));
    long again = passing ? time.nanos() + pause : Long.MAX_VALUE;
    all.put(key(version), new Rejection(version.uri(), cause, times, again));
  }

  /** Whether another attempt may do better: what failed was not the version. */
  private static boolean passes(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof TransportException
          || cause instanceof ServerException
          || cause instanceof StoreException
          || cause instanceof IOException
          || cause instanceof OutOfMemoryError
          || cause instanceof TimeoutException
          || cause instanceof NoRoom) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The loaded versions take too much memory now; as a cause, it says that this may pass. */
  static final class NoRoom extends Exception {
    private static final long serialVersionUID = 1;

    NoRoom() {
      super("over the memory budget");
    }
  }

  void forget(ModelVersion version) {
    all.remove(key(version));
  }

  void clear() {
    all.clear();
  }

  /** Returns whether a version is not to be tried now. */
  boolean bars(ModelVersion version) {
    Rejection rejection = all.get(key(version));
    return rejection != null
        && (rejection.again() == Long.MAX_VALUE || rejection.again() - time.nanos() > 0);
  }

  /** Returns in how many nanoseconds a version may be tried again; the largest long for never. */
  long pause(ModelVersion version) {
    Rejection rejection = all.get(key(version));
    if (rejection == null || rejection.again() == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    return Math.max(1, rejection.again() - time.nanos());
  }

  /** Returns why each is rejected, by its reference. */
  Map<String, String> reasons() {
    Map<String, String> reasons = new LinkedHashMap<>();
    all.values().forEach(r -> reasons.put(r.uri(), String.valueOf(r.cause().getMessage())));
    return reasons;
  }
}
