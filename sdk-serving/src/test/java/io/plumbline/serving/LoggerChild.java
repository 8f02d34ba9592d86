package io.plumbline.serving;

import io.plumbline.registry.ModelRegistry;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A program that predicts and logs until it is killed. Every so many rows it flushes, and then
 * writes into another file how many rows it has logged.
 */
final class LoggerChild {
  private LoggerChild() {}

  /** Arguments: the store's folder, the file for the counts, rows per flush. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int perFlush = Integer.parseInt(arguments[2]);
    try (ModelRegistry registry = Served.registry(folder);
        LiveModel model =
            LiveModel.builder(registry, "models:/flights@champion")
                .loader(new Served.Linear())
                .open();
        PredictionLogger log = PredictionLogger.builder(model).mustLog().open();
        FileChannel told =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long i = 0; ; i++) {
        double[] said = model.predict("r" + i, new double[] {i, 1});
        if (said[0] != i + 1) {
          throw new IllegalStateException("a wrong answer");
        }
        if (i % perFlush == perFlush - 1 && log.flush(Duration.ofMinutes(1))) {
          told.write(ByteBuffer.allocate(8).putLong(0, i + 1), 0);
        }
      }
    }
  }
}
