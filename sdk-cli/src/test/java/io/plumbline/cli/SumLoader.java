package io.plumbline.cli;

import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.Predictor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Models for tests: the sum of a row's numbers and of its texts' lengths, times a weight. */
public final class SumLoader implements ModelLoader {
  static final String FLAVOR = "sum";

  /** Packs a model whose only output is {@code weight} times the sum. */
  static ModelPackage pack(double weight, Signature signature) {
    return plain(weight, signature.inputs().size()).with(signature);
  }

  /** The same without a signature. */
  static ModelPackage plain(double weight, int inputs) {
    return ModelPackage.of(FLAVOR, Map.of("weight", weight, "inputs", (double) inputs))
        .with(
            ModelPart.of(
                "weights/w.txt",
                "text/plain",
                Double.toString(weight).getBytes(StandardCharsets.UTF_8)));
  }

  /** One input of each type that has a word in CSV and JSON, and one that may be missing. */
  static Signature typed() {
    return Signature.builder()
        .input("d", DataType.DOUBLE)
        .input("f", DataType.FLOAT)
        .input("i", DataType.INTEGER)
        .input("l", DataType.LONG)
        .input("b", DataType.BOOLEAN)
        .optionalInput("o", DataType.INTEGER)
        .output("sum", DataType.DOUBLE)
        .build();
  }

  @Override
  public Set<String> flavors() {
    return Set.of(FLAVOR);
  }

  @Override
  public LoadedModel load(ModelPackage model, Path folder, LoadOptions options) {
    return new Loaded(number(model, "weight"), (int) number(model, "inputs"));
  }

  private static double number(ModelPackage model, String key) {
    return Double.parseDouble(String.valueOf(model.metadata().get(key)));
  }

  private record Loaded(double weight, int inputs) implements LoadedModel, Predictor {
    @Override
    public Concurrency concurrency() {
      return Concurrency.SHARED;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public Predictor open() {
      return this;
    }

    @Override
    public long memoryBytes() {
      return 0;
    }

    @Override
    public void predict(double[] in, int rows, double[] out) {
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
          double value = in[row * inputs + i];
          sum += Double.isNaN(value) ? 0 : value;
        }
        out[row] = weight * sum;
      }
    }

    @Override
    public void predict(float[] in, int rows, float[] out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void predictColumns(Object[] columns, int rows, double[] out) {
      double sum = 0;
      for (Object column : columns) {
        double value =
            column instanceof String[] texts ? texts[0].length() : ((double[]) column)[0];
        sum += Double.isNaN(value) ? 0 : value;
      }
      out[0] = weight * sum;
    }

    @Override
    public void close() {}
  }
}
