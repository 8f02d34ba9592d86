package io.plumbline.internal.courier;

/** What of a run travels together. A large file must not hold up the metrics behind it. */
enum Cargo {
  /** All but files and models, in the order in which it was logged. */
  RECORDS(""),

  /** The artifacts and models. */
  FILES(".files");

  /** What the names of its own files have behind the destination. */
  final String suffix;

  Cargo(String suffix) {
    this.suffix = suffix;
  }
}
