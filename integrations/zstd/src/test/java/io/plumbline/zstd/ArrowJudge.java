package io.plumbline.zstd;

import java.io.FileInputStream;
import java.util.Objects;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowFileReader;

/** A program that reads a compressed part with Arrow's own library, and prints what it finds. */
final class ArrowJudge {
  private ArrowJudge() {}

  public static void main(String[] arguments) throws Exception {
    double sum = 0;
    long rows = 0;
    try (BufferAllocator allocator = new RootAllocator();
        FileInputStream in = new FileInputStream(arguments[0]);
        ArrowFileReader reader =
            new ArrowFileReader(in.getChannel(), allocator, CommonsCompressionFactory.INSTANCE)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        Float8Vector temps = (Float8Vector) root.getVector("temp");
        for (int i = 0; i < root.getRowCount(); i++) {
          sum += temps.get(i);
        }
        rows += root.getRowCount();
      }
      var encoding = root.getVector("origin").getField().getDictionary();
      Dictionary origins = reader.getDictionaryVectors().get(encoding.getId());
      System.out.println(
          "arrow " + rows + " " + sum + " " + Objects.requireNonNull(origins).getVector());
    }
  }
}
