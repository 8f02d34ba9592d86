package io.plumbline.benchmarks;

import io.plumbline.drift.internal.arrow.IpcWriter;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.log.LogColumn;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** How fast the prediction log's files are written. */
final class PredictionFileFigures {
  /**
   * Each side has the batches that are best for it: those of ours stay in the processor's cache.
   */
  private static final int OUR_BATCH = LogOptions.DEFAULT.batchRows();

  private static final int THEIR_BATCH = 4_000;
  private static final int DOUBLES = 20;

  private PredictionFileFigures() {}

  /**
   * Rows of 20 doubles and 2 texts, with all system columns, of which most are null or constant.
   */
  private static final class Rows {
    final LogSchema schema;
    final double[] values = new double[1 << 16];
    final byte[][] texts = new byte[1 << 10][];

    Rows() {
      List<Feature> features = new ArrayList<>();
      for (int i = 0; i < DOUBLES; i++) {
        features.add(Feature.of("f" + i, DataType.DOUBLE));
      }
      features.add(Feature.of("text", DataType.STRING));
      schema = LogSchema.builder("flight-delay", "3", new FeatureSchema(features)).build();
      Random random = new Random(1);
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextGaussian();
      }
      for (int i = 0; i < texts.length; i++) {
        texts[i] = ("request-" + random.nextInt(1 << 20)).getBytes(StandardCharsets.UTF_8);
      }
    }

    int firstValue(int row) {
      return row * DOUBLES & values.length / 2 - 1;
    }

    byte[] id(int row) {
      return texts[row & texts.length - 1];
    }

    byte[] text(int row) {
      return texts[row * 31 & texts.length - 1];
    }
  }

  /** Memory that takes all bytes, over and over. */
  private static final class Memory implements WritableByteChannel {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(8 << 20);
    private long bytes;

    @Override
    public int write(ByteBuffer source) {
      int n = source.remaining();
      bytes += n;
      while (source.hasRemaining()) {
        if (!memory.hasRemaining()) {
          memory.clear();
        }
        int limit = source.limit();
        source.limit(source.position() + Math.min(memory.remaining(), source.remaining()));
        memory.put(source);
        source.limit(limit);
      }
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** The writer alone against Arrow's own, which writes the same columns of the same rows. */
  static final class AgainstArrow implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      int rows = context.quick() ? 500_000 : 2_000_000;
      int rounds = context.quick() ? 7 : 15;
      Rows data = new Rows();
      double[] ratios = new double[rounds];
      double bestOurs = Double.MAX_VALUE;
      double bestTheirs = Double.MAX_VALUE;
      for (int round = -2; round < rounds; round++) {
        double ours = nanos(rows, memory -> ours(data, rows, memory));
        double theirs = nanos(rows, memory -> theirs(data, rows, memory));
        if (round >= 0) { // the first two warm up
          ratios[round] = theirs / ours;
          bestOurs = Math.min(bestOurs, ours);
          bestTheirs = Math.min(bestTheirs, theirs);
        }
      }
      context.note(
          String.format(
              Locale.ROOT,
              "ours: %.0f ns a row at best, with checksums; ArrowStreamWriter: %.0f, without",
              bestOurs,
              bestTheirs));
      Spread spread = new Spread(ratios);
      context.result("predictions.file.vs_arrow_vector", spread.median(), "x", "" + spread);
    }

    private interface Writing {
      void write(Memory memory) throws IOException;
    }

    private static double nanos(int rows, Writing writing) throws IOException {
      Memory memory = new Memory();
      long start = System.nanoTime();
      writing.write(memory);
      double nanos = (System.nanoTime() - start) / (double) rows;
      if (memory.bytes < 200L * rows) {
        throw new IllegalStateException("only " + memory.bytes + " bytes were written");
      }
      return nanos;
    }

    private static void ours(Rows data, int rows, Memory memory) throws IOException {
      RowStore store = new RowStore(data.schema, OUR_BATCH);
      IpcWriter writer = new IpcWriter(memory::write, data.schema, null);
      writer.start(store);
      int first = data.schema.position("f0");
      int textAt = data.schema.position("text");
      for (int row = 0; row < rows; row++) {
        store.setLong(SystemColumn.TS.position(), row);
        byte[] id = data.id(row);
        store.setText(SystemColumn.REQUEST_ID.position(), id, 0, id.length);
        store.setDoubles(first, data.values, data.firstValue(row), DOUBLES);
        byte[] text = data.text(row);
        store.setText(textAt, text, 0, text.length);
        store.endRow();
        if (store.rows() == OUR_BATCH) {
          writer.write(store);
          store.reset();
        }
      }
      writer.write(store);
      writer.finish(store);
    }

    private static void theirs(Rows data, int rows, Memory memory) throws IOException {
      DictionaryProvider.MapDictionaryProvider provider =
          new DictionaryProvider.MapDictionaryProvider();
      try (BufferAllocator allocator = new RootAllocator();
          Closing dictionaries = new Closing();
          VectorSchemaRoot root =
              VectorSchemaRoot.create(schema(data, allocator, provider, dictionaries), allocator);
          ArrowStreamWriter writer = new ArrowStreamWriter(root, provider, memory)) {
        writer.start();
        Vectors vectors = new Vectors(root, data.schema);
        for (int row = 0; row < rows; ) {
          int n = Math.min(THEIR_BATCH, rows - row);
          for (int i = 0; i < n; i++, row++) {
            vectors.set(i, row, data);
          }
          root.setRowCount(n);
          writer.writeBatch();
        }
        writer.end();
      }
    }
  }

  /** The vectors of dictionaries, which nothing else closes. */
  private static final class Closing extends ArrayList<VarCharVector> implements AutoCloseable {
    private static final long serialVersionUID = 1;

    @Override
    public void close() {
      forEach(VarCharVector::close);
    }
  }

  private static Schema schema(
      Rows data,
      BufferAllocator allocator,
      DictionaryProvider.MapDictionaryProvider provider,
      Closing dictionaries) {
    List<Field> fields = new ArrayList<>();
    for (LogColumn column : data.schema.columns()) {
      DictionaryEncoding encoding = null;
      ArrowType type =
          switch (column.kind()) {
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case TEXT -> new ArrowType.Utf8();
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case CHOICE -> new ArrowType.Int(8, true);
            case CATEGORY, INT -> new ArrowType.Int(32, true);
            default -> throw new IllegalStateException(column.name());
          };
      if (column.kind() == LogColumn.Kind.CHOICE || column.kind() == LogColumn.Kind.CATEGORY) {
        encoding = new DictionaryEncoding(fields.size(), false, (ArrowType.Int) type);
        VarCharVector values = new VarCharVector(column.name(), allocator);
        dictionaries.add(values);
        for (int i = 0; i < column.categories().size(); i++) {
          values.setSafe(i, column.categories().get(i).getBytes(StandardCharsets.UTF_8));
        }
        values.setValueCount(column.categories().size());
        provider.put(new Dictionary(values, encoding));
      }
      fields.add(new Field(column.name(), new FieldType(column.nullable(), type, encoding), null));
    }
    return new Schema(fields);
  }

  /** The vectors that have a value in every row; the others stay null. */
  private static final class Vectors {
    private final TimeStampMicroTZVector time;
    private final VarCharVector id;
    private final VarCharVector model;
    private final TinyIntVector[] choices;
    private final Float4Vector rate;
    private final Float8Vector[] doubles = new Float8Vector[DOUBLES];
    private final VarCharVector text;
    private final byte[] modelName;

    Vectors(VectorSchemaRoot root, LogSchema schema) {
      time = (TimeStampMicroTZVector) root.getVector("_ts");
      id = (VarCharVector) root.getVector("_request_id");
      model = (VarCharVector) root.getVector("_model");
      modelName = schema.model().getBytes(StandardCharsets.UTF_8);
      rate = (Float4Vector) root.getVector("_sample_rate");
      text = (VarCharVector) root.getVector("text");
      List<TinyIntVector> all = new ArrayList<>();
      for (FieldVector vector : root.getFieldVectors()) {
        if (vector instanceof TinyIntVector choice && !choice.getField().isNullable()) {
          all.add(choice);
        }
      }
      choices = all.toArray(TinyIntVector[]::new);
      for (int i = 0; i < DOUBLES; i++) {
        doubles[i] = (Float8Vector) root.getVector("f" + i);
      }
    }

    void set(int at, int row, Rows data) {
      time.setSafe(at, row);
      id.setSafe(at, data.id(row));
      model.setSafe(at, modelName);
      for (TinyIntVector choice : choices) {
        choice.setSafe(at, 0);
      }
      rate.setSafe(at, 1f);
      int first = data.firstValue(row);
      for (int i = 0; i < DOUBLES; i++) {
        doubles[i].setSafe(at, data.values[first + i]);
      }
      text.setSafe(at, data.text(row));
    }
  }
}
