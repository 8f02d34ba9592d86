package io.plumbline.internal.config;

/** Where the ring of the journal lives. */
public enum RingKind {
  /** A mapped file, unless the file system is one on which mapping is unsafe. */
  AUTO,
  /** A mapped file: what a call has accepted survives the process. */
  MAPPED,
  /** The Java heap: what has not yet reached a segment is lost with the process. */
  HEAP
}
