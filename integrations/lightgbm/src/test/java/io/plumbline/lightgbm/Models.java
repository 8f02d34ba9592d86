package io.plumbline.lightgbm;

import com.microsoft.ml.lightgbm.SWIGTYPE_p_double;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_int;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_long_long;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_p_void;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_void;
import com.microsoft.ml.lightgbm.lightgbmlib;
import com.microsoft.ml.lightgbm.lightgbmlibConstants;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models of every kind, their packages, and what LightGBM itself says that they predict. */
final class Models {
  static final List<String> NAMES = List.of("a", "b", "c", "weekday", "e");

  private Models() {}

  static String binary() throws Exception {
    return text(Map.of("objective", "binary"), 2);
  }

  static String regression() throws Exception {
    return text(Map.of("objective", "regression"), 0);
  }

  static String threeClasses() throws Exception {
    return text(Map.of("objective", "multiclass", "num_class", 3), 3);
  }

  static String categorical() throws Exception {
    return text(
        Map.of(
            "objective",
            "binary",
            "categorical_feature",
            3,
            "min_data_per_group",
            5,
            "cat_smooth",
            1),
        2);
  }

  /** Each leaf is a linear model. */
  static String linear() throws Exception {
    return text(Map.of("objective", "regression", "linear_tree", true), 0);
  }

  /** A random forest, whose trees' average is the prediction. */
  static String forest() throws Exception {
    return text(
        Map.of("objective", "binary", "boosting", "rf", "bagging_freq", 1, "bagging_fraction", 0.5),
        2);
  }

  static String constrained() throws Exception {
    return text(Map.of("objective", "poisson", "monotone_constraints", List.of(1, 0, 0, 0, -1)), 3);
  }

  /**
   * Rows of a few features, with values missing.
   *
   * @param seed the same rows for the same seed
   */
  static double[][] rows(int count, long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[count][];
    for (int row = 0; row < count; row++) {
      rows[row] =
          new double[] {
            random.nextGaussian(),
            random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian(),
            10 * random.nextDouble() - 5,
            random.nextInt(7),
            random.nextInt(3) == 0 ? 0 : 1000 * random.nextDouble()
          };
    }
    return rows;
  }

  /** Values that only a caller thinks of. */
  static double[][] strangeRows() {
    double[] values = {
      0, -0.0, Double.NaN, 1e308, -1e308, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, 1e-36, 3, -1
    };
    double[][] rows = new double[200][NAMES.size()];
    Random random = new Random(7);
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = values[random.nextInt(values.length)];
      }
    }
    return rows;
  }

  /**
   * Trains a model.
   *
   * @param classes how many whole labels there are; 0 for any number
   */
  private static String text(Map<String, Object> kind, int classes) throws Exception {
    Map<String, Object> params = new HashMap<>(kind);
    params.putAll(Map.of("num_leaves", 7, "min_data_in_leaf", 5, "seed", 1));
    params.putAll(Map.of("verbosity", -1, "num_threads", 1));
    double[][] rows = rows(400, 1);
    double[] labels = new double[rows.length];
    for (int i = 0; i < labels.length; i++) {
      double[] row = rows[i];
      double sum = row[0] + (Double.isNaN(row[1]) ? 1 : row[1] * row[2]) + row[3] % 3;
      labels[i] = classes == 0 ? sum : Math.floorMod((long) Math.floor(sum), classes);
    }
    try (LGBMDataset data = LightGbm.trainingData(params, NAMES, rows, labels);
        LGBMBooster booster = LightGbm.booster(params, data)) {
      LightGbm.train(booster, 20);
      return text(LightGbm.pack(booster), LightGbm.MODEL_FILE);
    }
  }

  // ---- packages

  static String text(ModelPackage model, String part) {
    return new String(model.part(part).orElseThrow().bytes(), StandardCharsets.UTF_8);
  }

  /** A package of one text, as {@link LightGbm#pack} makes it. */
  static ModelPackage packed(String text) {
    return packed(Map.of("model_file", "model.txt"), "model.txt", text);
  }

  static ModelPackage packed(Map<String, ?> metadata, String file, String text) {
    return ModelPackage.of("lightgbm", metadata)
        .with(ModelPart.of(file, "text/plain", text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Puts the package's files into the folder and loads them from there. */
  static LoadedModel load(ModelPackage model, Path folder, LoadOptions options) throws IOException {
    for (ModelPart part : model.parts()) {
      Files.write(folder.resolve(part.name()), part.bytes());
    }
    return new LightGbmLoader().load(model, folder, options);
  }

  static LoadedModel load(ModelPackage model, Path folder) throws IOException {
    return load(model, folder, LoadOptions.DEFAULT);
  }

  // ---- what LightGBM says

  /** The rows one after the other. */
  static double[] flat(double[][] rows) {
    double[] flat = new double[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }

  /** Predicts with the text as it is, and with LightGBM's call for a whole matrix. */
  static double[] predictions(String text, double[][] rows, int outputs) {
    LightGbm.load();
    double[] in = flat(rows);
    SWIGTYPE_p_p_void booster = lightgbmlib.new_voidpp();
    SWIGTYPE_p_int iterations = lightgbmlib.new_intp();
    check(lightgbmlib.LGBM_BoosterLoadModelFromString(text, iterations, booster));
    SWIGTYPE_p_void handle = lightgbmlib.voidpp_value(booster);
    SWIGTYPE_p_double matrix = lightgbmlib.new_doubleArray(in.length);
    for (int i = 0; i < in.length; i++) {
      lightgbmlib.doubleArray_setitem(matrix, i, in[i]);
    }
    SWIGTYPE_p_double out = lightgbmlib.new_doubleArray((long) rows.length * outputs);
    SWIGTYPE_p_long_long length = lightgbmlib.new_int64_tp();
    check(
        lightgbmlib.LGBM_BoosterPredictForMat(
            handle,
            lightgbmlib.double_to_voidp_ptr(matrix),
            lightgbmlibConstants.C_API_DTYPE_FLOAT64,
            rows.length,
            rows[0].length,
            1,
            lightgbmlibConstants.C_API_PREDICT_NORMAL,
            0,
            -1,
            "num_threads=1",
            length,
            out));
    double[] predictions = new double[(int) lightgbmlib.int64_tp_value(length)];
    for (int i = 0; i < predictions.length; i++) {
      predictions[i] = lightgbmlib.doubleArray_getitem(out, i);
    }
    check(lightgbmlib.LGBM_BoosterFree(handle));
    lightgbmlib.delete_doubleArray(matrix);
    lightgbmlib.delete_doubleArray(out);
    return predictions;
  }

  private static void check(int result) {
    if (result != 0) {
      throw new AssertionError(lightgbmlib.LGBM_GetLastError());
    }
  }
}
