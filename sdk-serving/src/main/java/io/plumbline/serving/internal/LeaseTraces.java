package io.plumbline.serving.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where leases were taken, while tracing is on. */
final class LeaseTraces {
  /** A place in a program. */
  static final class Taken extends Exception {
    private static final long serialVersionUID = 1;

    Taken() {
      super("a lease was taken by " + Thread.currentThread().getName());
    }
  }

  private static final int SHOWN = 8;

  private final Map<HeldLease, Taken> open = new ConcurrentHashMap<>();

  void add(HeldLease lease) {
    open.keySet().removeIf(held -> !held.isOpen());
    open.put(lease, new Taken());
  }

  /** Returns where the open leases of a version were taken; empty if that was not traced. */
  String of(LoadedVersion version) {
    StringBuilder text = new StringBuilder();
    open.forEach(
        (lease, taken) -> {
          if (lease.isOpen() && lease.isOf(version)) {
            text.append("; ").append(taken.getMessage());
            StackTraceElement[] trace = taken.getStackTrace();
            for (int i = 0; i < Math.min(SHOWN, trace.length); i++) {
              if (!trace[i].getClassName().startsWith("io.plumbline.serving.internal.")) {
                text.append(" at ").append(trace[i]);
              }
            }
          }
        });
    return text.toString();
  }
}
