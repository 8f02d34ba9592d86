package io.plumbline.serving;

import io.plumbline.registry.ModelRegistry;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A program that predicts, logs, and ships each flush as a part of its own until it is killed. It
 * writes into another file how many rows it has flushed, and how many parts it has shipped.
 */
final class ShippingChild {
  private ShippingChild() {}

  /** Arguments: the store's folder, the file for the counts, rows per flush. */
  public static void main(String[] arguments) throws Exception {
    int perFlush = Integer.parseInt(arguments[2]);
    try (ModelRegistry registry = Served.registry(Path.of(arguments[0]));
        LiveModel model =
            LiveModel.builder(registry, "models:/flights@champion")
                .loader(new Served.Linear())
                .open();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .mustLog()
                .files(Shipping.smallParts().withBatchRows(2_000))
                .ship()
                .open();
        FileChannel told =
            FileChannel.open(
                Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long i = 0; ; i++) {
        model.predict("r" + i, new double[] {i, 1});
        if (i % perFlush == perFlush - 1 && log.flush(Duration.ofMinutes(1))) {
          long shipped = log.status().shipping().shipped();
          told.write(ByteBuffer.allocate(16).putLong(i + 1).putLong(shipped).flip(), 0);
        }
      }
    }
  }
}
