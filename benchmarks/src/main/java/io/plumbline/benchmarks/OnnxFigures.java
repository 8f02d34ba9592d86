package io.plumbline.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.plumbline.model.GoldenRecords;
import io.plumbline.onnx.Onnx;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What serving costs beyond ONNX Runtime's own call. */
final class OnnxFigures {
  private OnnxFigures() {}

  /** The call of ONNX Runtime with an input tensor that is made once. */
  private static final class Bare implements AutoCloseable {
    private final OrtSession session;
    private final FloatBuffer in;
    private final OnnxTensor tensor;
    private final Map<String, OnnxTensor> inputs;
    private final int output;

    Bare(Path model, int features) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model.toString(), options);
      in = ByteBuffer.allocateDirect(4 * features).order(ByteOrder.nativeOrder()).asFloatBuffer();
      tensor = OnnxTensor.createTensor(environment, in, new long[] {1, features});
      inputs = Map.of(session.getInputNames().iterator().next(), tensor);
      output = session.getOutputNames().size() - 1;
    }

    double predict(double[] row) {
      for (int i = 0; i < row.length; i++) {
        in.put(i, (float) row[i]);
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return ((OnnxTensor) result.get(output)).getFloatBuffer().get(0);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws OrtException {
      tensor.close();
      session.close();
    }
  }

  /** The live model over the bare call, in blocks that take turns. */
  static final class Overhead implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path made =
          Path.of(
              System.getProperty("bench.root", "."),
              "integrations/onnx/src/test/resources/python/mlp");
      GoldenRecords golden =
          GoldenRecords.fromJson(Files.readAllBytes(made.resolve("golden_records.json")));
      double[][] rows = golden.inputDoubles();
      Path folder = Stores.folder();
      try (ModelRegistry registry = FlightModel.registry(folder);
          Bare engine = new Bare(made.resolve("model.onnx"), rows[0].length)) {
        FlightModel.register(
            registry, Onnx.pack(made.resolve("model.onnx"), "probabilities").with(golden));
        try (LiveModel model = LiveModel.open(registry, "models:/flights@champion")) {
          double[] out = new double[golden.outputColumns().size()];
          ServingFigures.overhead(
              context,
              "onnx",
              number -> engine.predict(rows[number % rows.length]),
              number -> {
                model.predict(rows[number % rows.length], out);
                return out[0];
              });
        }
      }
      Stores.delete(folder);
    }
  }
}
