package io.plumbline.tracking.internal;

/** Describes what has ended a run, without the exception's message: that may hold a secret. */
final class Failure {
  private Failure() {}

  /** Returns the class of the exception, and of its first cause, and where that was thrown. */
  static String of(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; root.getCause() != null && depth < 100; depth++) {
      root = root.getCause();
    }
    String text = thrown.getClass().getName();
    if (root != thrown) {
      text += ", caused by " + root.getClass().getName();
    }
    StackTraceElement[] trace = root.getStackTrace();
    return trace.length == 0 ? text : text + " at " + trace[0];
  }
}
