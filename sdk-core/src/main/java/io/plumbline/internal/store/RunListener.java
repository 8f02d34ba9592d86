package io.plumbline.internal.store;

import io.plumbline.internal.journal.Receipt;

/** Is told what this program does with the runs of a store. */
public interface RunListener {
  /** Nobody. */
  RunListener NONE =
      new RunListener() {
        @Override
        public void starting(String runId) {}

        @Override
        public void opened(String runId) {}

        @Override
        public void closed(String runId, Receipt written) {}
      };

  /** A run is about to be started. */
  void starting(String runId);

  /** A run was opened for writing; each opening is closed once. */
  void opened(String runId);

  /**
   * A run was closed.
   *
   * @param written promises that all that was logged is in the segments
   */
  void closed(String runId, Receipt written);
}
