package io.plumbline.internal.courier;

/**
 * How far one writer's part has come.
 *
 * @param segment the segment that the next record is in, or one before it
 * @param ordinal all records before it are delivered or rejected
 * @param sending the batch that may have been received without our hearing of it ends before this
 *     ordinal; the same as {@code ordinal} if there is none
 * @param rejected how many were refused
 * @param files the ordinal behind the last record with a file that was read, which may be beyond
 *     {@code ordinal}; 0 for none
 * @param complete whether the writer was done with the run, and all up to that segment has arrived
 */
record Ack(int segment, long ordinal, long sending, long rejected, long files, boolean complete) {
  static final Ack NONE = new Ack(0, 0, 0, 0, 0, false);

  /** After damage: all is sent again, and the first batch may have arrived. */
  static final Ack UNKNOWN = NONE.sending(1);

  /** Returns the same with a batch on its way, which ends before an ordinal. */
  Ack sending(long end) {
    return new Ack(segment, ordinal, end, rejected, files, false);
  }
}
