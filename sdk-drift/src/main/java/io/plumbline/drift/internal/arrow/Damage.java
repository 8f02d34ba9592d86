package io.plumbline.drift.internal.arrow;

/** Says what is wrong with a file; the reader that knows its name says which. */
public final class Damage extends RuntimeException {
  public Damage(String what) {
    super(what);
  }

  public Damage(String what, Throwable cause) {
    super(what, cause);
  }
}
