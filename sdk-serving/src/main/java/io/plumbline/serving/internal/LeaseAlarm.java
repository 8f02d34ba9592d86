package io.plumbline.serving.internal;

import io.plumbline.internal.Threads;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.internal.LiveModels.Options;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the leases of a version that serves no more, and raises an alarm when one is not
 * returned: that the version stays open is the lesser evil, since to close it would crash.
 */
final class LeaseAlarm {
  private static final long LOOK_EVERY = 20_000_000L;

  private LeaseAlarm() {}

  static void watch(LoadedVersion version, Versions versions, Options options, Events events) {
    long deadline = System.nanoTime() + options.leaseAlarm.toNanos();
    Threads.daemon(
            "live-drain",
            () -> {
              while (versions.isRetiring(version)) {
                if (System.nanoTime() - deadline >= 0) {
                  raise(
                      version, versions, events, "within " + options.leaseAlarm.toSeconds() + " s");
                  return;
                }
                LockSupport.parkNanos(LOOK_EVERY);
              }
            })
        .start();
  }

  static void raise(LoadedVersion version, Versions versions, Events events, String when) {
    events.tell(
        LiveEvent.Kind.LEASE_ALARM,
        version.version(),
        null,
        version.leases().active()
            + " leases were not returned "
            + when
            + "; the version stays open"
            + versions.traces().of(version));
  }
}
