package io.plumbline.drift.log;

import io.plumbline.internal.json.Json;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.jspecify.annotations.Nullable;

/** A program that reads files with Arrow's own library, and writes what it finds as JSON lines. */
final class ArrowJudge {
  private ArrowJudge() {}

  public static void main(String[] arguments) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        PrintStream out = new PrintStream(arguments[1], StandardCharsets.UTF_8)) {
      for (String line : Files.readAllLines(Path.of(arguments[0]))) {
        int split = line.indexOf('=');
        read(line.substring(0, split), Path.of(line.substring(split + 1)), allocator, out);
      }
    }
  }

  private static void read(String name, Path file, BufferAllocator allocator, PrintStream out)
      throws Exception {
    try (FileInputStream in = new FileInputStream(file.toFile());
        ArrowFileReader reader = new ArrowFileReader(in.getChannel(), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        List<ValueVector> vectors = new ArrayList<>();
        for (FieldVector vector : root.getFieldVectors()) {
          var encoding = vector.getField().getDictionary();
          vectors.add(
              encoding == null
                  ? vector
                  : DictionaryEncoder.decode(
                      vector, reader.getDictionaryVectors().get(encoding.getId())));
        }
        for (int row = 0; row < root.getRowCount(); row++) {
          Map<String, @Nullable Object> values = new LinkedHashMap<>();
          for (int i = 0; i < vectors.size(); i++) {
            values.put(root.getVector(i).getName(), text(vectors.get(i), row));
          }
          String id = name + " request-" + row(values);
          out.println(Json.text(Map.of("id", id, "values", values)));
        }
        for (int i = 0; i < vectors.size(); i++) {
          if (root.getVector(i).getField().getDictionary() != null) {
            vectors.get(i).close();
          }
        }
      }
    }
  }

  private static String row(Map<String, @Nullable Object> values) {
    String id = String.valueOf(values.get("_request_id"));
    return id.substring("\"request-".length(), id.length() - 1);
  }

  private static String text(ValueVector vector, int row) {
    if (vector.isNull(row)) {
      return "null";
    }
    if (vector instanceof Float8Vector doubles) {
      return Sample.bits(doubles.get(row));
    }
    if (vector instanceof Float4Vector floats) {
      return Sample.bits(floats.get(row));
    }
    if (vector instanceof TimeStampMicroTZVector times) {
      return Long.toString(times.get(row));
    }
    if (vector instanceof BitVector bits) {
      return String.valueOf(bits.get(row) == 1);
    }
    if (vector instanceof VarCharVector texts) {
      return Json.text(new String(texts.get(row), StandardCharsets.UTF_8));
    }
    if (vector instanceof FixedSizeListVector lists) {
      List<String> items = new ArrayList<>();
      Float4Vector data = (Float4Vector) lists.getDataVector();
      for (int i = row * lists.getListSize(); i < (row + 1) * lists.getListSize(); i++) {
        items.add(Sample.bits(data.get(i)));
      }
      return String.join(" ", items);
    }
    return String.valueOf(vector.getObject(row));
  }
}
