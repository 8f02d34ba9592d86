package io.plumbline.cli;

import io.plumbline.internal.store.StoreProgress;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One line on standard error that is written over as work goes on. */
class Progress implements StoreProgress, AutoCloseable {
  /** Shows nothing. */
  static final Progress NONE = new Progress(null, 0);

  private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  private final @Nullable Writer err;
  private final int width;
  private long last = System.nanoTime() + PATIENCE - EVERY;
  private boolean shown;

  Progress(@Nullable Writer err, int width) {
    this.err = err;
    this.width = width;
  }

  @Override
  public void at(String what, long done, long total) {
    if (err == null || System.nanoTime() - last < EVERY) {
      return;
    }
    last = System.nanoTime();
    String share =
        total <= 0
            ? ""
            : String.format(Locale.ROOT, " %3.0f %%", 100.0 * done / Math.max(done, total));
    String text =
        Cells.cut(what + " " + done + (total > 0 ? " of " + total : "") + share, width - 1, "~");
    write("\r" + text + "\u001b[K");
    shown = true;
  }

  private void write(String text) {
    try {
      if (err != null) {
        err.write(text);
        err.flush();
      }
    } catch (IOException e) {
      // Only a picture of the work; the work goes on.
    }
  }

  /** Removes the line. */
  @Override
  public void close() {
    if (shown) {
      write("\r\u001b[K");
      shown = false;
    }
  }
}
