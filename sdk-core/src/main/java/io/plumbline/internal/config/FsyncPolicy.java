package io.plumbline.internal.config;

/** When the writer of the journal asks the disk to keep what it has written. */
public enum FsyncPolicy {
  /** Never: the operating system decides. */
  NONE,
  /** Once in each interval in which something was written. */
  INTERVAL,
  /** After each batch. */
  BATCH
}
