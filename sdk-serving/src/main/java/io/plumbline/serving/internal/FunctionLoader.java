package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.serving.Functions;
import io.plumbline.serving.ModelFunction;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Loads packages that name a function of this program. */
final class FunctionLoader implements ModelLoader {
  private final Map<String, ModelFunction> functions;

  FunctionLoader(Map<String, ModelFunction> functions) {
    this.functions = Map.copyOf(functions);
  }

  @Override
  public Set<String> flavors() {
    return Set.of(Functions.FLAVOR);
  }

  @Override
  public LoadedModel load(ModelPackage model, Path folder, LoadOptions options) {
    Object name = model.metadata().get("function");
    ModelFunction function = name instanceof String text ? functions.get(text) : null;
    if (function == null) {
      throw new IncompatibleModelException(
          "the package names the function "
              + Printable.quote(String.valueOf(name))
              + ", and this program has bound "
              + functions.keySet()
              + "; bind it with LiveModel.Builder.function");
    }
    Signature signature =
        model
            .signature()
            .orElseThrow(
                () ->
                    new IncompatibleModelException(
                        "the package of the function " + name + " has no signature"));
    return new Loaded(function, signature.inputs().size(), signature.outputs().size());
  }

  private record Loaded(ModelFunction function, int inputs, int outputs)
      implements LoadedModel, Predictor {
    @Override
    public Concurrency concurrency() {
      return Concurrency.SHARED;
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
      if (rows == 1) {
        function.predict(in, out);
        return;
      }
      double[] result = new double[outputs];
      for (int row = 0; row < rows; row++) {
        function.predict(Arrays.copyOfRange(in, row * inputs, (row + 1) * inputs), result);
        System.arraycopy(result, 0, out, row * outputs, outputs);
      }
    }

    @Override
    public void predict(float[] in, int rows, float[] out) {
      double[] wide = new double[rows * inputs];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = in[i];
      }
      double[] result = new double[rows * outputs];
      predict(wide, rows, result);
      for (int i = 0; i < result.length; i++) {
        out[i] = (float) result[i];
      }
    }

    @Override
    public void close() {}
  }
}
