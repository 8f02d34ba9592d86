package io.plumbline.drift.internal.arrow;

/** Says that a file is whole, but has something that is not read here; the text completes "it". */
public final class UnsupportedFile extends RuntimeException {
  public UnsupportedFile(String what) {
    super(what);
  }
}
