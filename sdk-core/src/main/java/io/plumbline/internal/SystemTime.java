package io.plumbline.internal;

/** Reads the clocks of this machine. */
final class SystemTime implements Time {

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
