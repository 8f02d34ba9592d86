package io.plumbline.lightgbm;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMBooster.FeatureImportanceType;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import io.plumbline.MetricLogger;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * LightGBM with Plumbline: trains with one call, logs every iteration, and packs the booster as a
 * model.
 *
 * <pre>{@code
 * try (LGBMDataset train = LightGbm.trainingData(params, names, features, labels);
 *     LGBMDataset valid = LightGbm.validationData(train, features2, labels2);
 *     LGBMBooster booster = LightGbm.booster(params, train, valid)) {
 *   LightGbm.train(booster, 100, LightGbm.logTo(tracker, "valid"));
 *   tracker.logModel("model", LightGbm.pack(booster).with(LightGbm.signature(booster, "late")));
 * }
 * }</pre>
 *
 * Datasets and boosters are lightgbm4j's own and hold native memory: close each of them, the
 * booster first. What LightGBM refuses, such as a parameter out of range or a closed booster, is an
 * {@link IllegalArgumentException} with LightGBM's own words. Every method throws {@link
 * NativeLibraryException} where the native library cannot be loaded. A booster is for one thread.
 */
public final class LightGbm {
  /** The flavor of the packages. */
  public static final String FLAVOR = "lightgbm";

  /** The part of a package that holds the booster, in LightGBM's text format. */
  public static final String MODEL_FILE = "model.txt";

  private static final int ALL_ITERATIONS = -1;

  private LightGbm() {}

  /**
   * Loads the native library, which otherwise the first call of another method does.
   *
   * <p>lightgbm4j unpacks the library into {@code java.io.tmpdir} over that of a program which may
   * be running. Loaded here before lightgbm4j's classes are used, it gets a file of its own.
   *
   * @throws NativeLibraryException if it cannot be loaded, most often because the system has no
   *     OpenMP runtime; the message says what to install
   */
  public static void load() {
    NativeLibrary.load();
  }

  // ---- training

  /**
   * Makes a dataset to train on.
   *
   * @param params LightGBM's parameters by name; those of the dataset, such as {@code max_bin},
   *     count here, the others may be among them
   * @param names the names of the features, in the order of positions
   * @param features one array for each row; NaN is a missing value
   * @param labels one for each row
   * @throws IllegalArgumentException if there is no row, lengths differ, or LightGBM refuses a
   *     value
   */
  public static LGBMDataset trainingData(
      Map<String, ?> params, List<String> names, double[][] features, double[] labels) {
    return dataset(text(params), names, features, labels, null);
  }

  /**
   * Makes a dataset to validate on, with the bins and the feature names of the training data.
   *
   * @param training what the booster is trained on
   * @param features one array for each row; NaN is a missing value
   * @param labels one for each row
   * @throws IllegalArgumentException if there is no row, lengths differ, or LightGBM refuses a
   *     value
   */
  public static LGBMDataset validationData(
      LGBMDataset training, double[][] features, double[] labels) {
    Objects.requireNonNull(training, "training");
    load();
    List<String> names = call("read the training data", () -> List.of(training.getFeatureNames()));
    return dataset("verbosity=0", names, features, labels, training);
  }

  /**
   * Makes a booster without trees yet.
   *
   * @param params LightGBM's parameters by name, such as {@code learning_rate}; collections become
   *     lists. LightGBM prints to standard output; {@code verbosity} is 0 (warnings) unless set
   * @param training what it will be trained on; must stay open while it is
   * @param validation what is measured after each iteration besides; must stay open too
   * @throws IllegalArgumentException if LightGBM refuses a parameter or a dataset
   */
  public static LGBMBooster booster(
      Map<String, ?> params, LGBMDataset training, LGBMDataset... validation) {
    Objects.requireNonNull(training, "training");
    String text = text(params);
    load();
    return call(
        "make a booster of " + text,
        () -> {
          LGBMBooster booster = LGBMBooster.create(training, text);
          try {
            for (LGBMDataset data : validation) {
              booster.addValidData(Objects.requireNonNull(data, "validation"));
            }
            return booster;
          } catch (LGBMException | RuntimeException e) {
            booster.close();
            throw e;
          }
        });
  }

  /**
   * Trains a booster, and calls back after each iteration.
   *
   * @param iterations how many, at most; LightGBM stops earlier if no tree can be split any more
   * @param callbacks called in this order
   * @return the number of iterations before LightGBM stopped; {@code iterations} if it did not
   * @throws IllegalArgumentException if LightGBM refuses to train, or the booster is closed
   */
  public static int train(LGBMBooster booster, int iterations, TrainingCallback... callbacks) {
    Objects.requireNonNull(booster, "booster");
    if (iterations < 1) {
      throw new IllegalArgumentException("iterations is " + iterations + "; it must be at least 1");
    }
    return call(
        "train the booster",
        () -> {
          for (int iteration = 0; iteration < iterations; iteration++) {
            if (booster.updateOneIter()) {
              return iteration;
            }
            for (TrainingCallback callback : callbacks) {
              callback.afterIteration(booster, iteration);
            }
          }
          return iterations;
        });
  }

  /**
   * Returns a callback that logs LightGBM's own metrics of the training data and of the validation
   * data, with the iteration as the step.
   *
   * <p>The keys are the dataset's name and LightGBM's name of the metric: {@code train_auc}, {@code
   * train_binary_logloss}, {@code valid_auc}, ...; {@code @} becomes {@code _at_}. Which metrics
   * there are is told by the parameter {@code metric}.
   *
   * @param logger the run, such as a {@code Tracker}
   * @param validationNames a name for each validation dataset, in the order in which the booster
   *     got them; datasets beyond these are not logged
   */
  public static TrainingCallback logTo(MetricLogger logger, String... validationNames) {
    Objects.requireNonNull(logger, "logger");
    return new EvalLog(
        logger, Stream.concat(Stream.of("train"), Stream.of(validationNames)).toList());
  }

  // ---- what the booster says

  /**
   * Predicts one number for each row: a probability for binary models, the quantity for regression.
   *
   * @param rows one array for each row, with the features in the booster's order; NaN is a missing
   *     value
   * @throws IllegalArgumentException if there is no row, a row has not as many values as the
   *     booster has features, the booster has several classes, or it is closed
   */
  public static double[] predict(LGBMBooster booster, double[][] rows) {
    Objects.requireNonNull(booster, "booster");
    int columns = call("read the booster", booster::getNumFeature);
    int classes = call("read the booster", booster::getNumClasses);
    if (classes > 1) {
      // lightgbm4j has room for two numbers a row and writes beyond it for more.
      throw new IllegalArgumentException(
          "the booster has "
              + classes
              + " classes; only boosters that predict one number fit here");
    }
    double[] matrix = matrix(rows, columns);
    return call(
        "predict",
        () ->
            booster.predictForMat(
                matrix, rows.length, columns, true, PredictionType.C_API_PREDICT_NORMAL));
  }

  /**
   * Returns how much each feature has helped: the total gain of its splits, by name, in the order
   * of positions.
   */
  public static Map<String, Double> importance(LGBMBooster booster) {
    List<String> names = featureNames(booster);
    double[] gains =
        call(
            "read the booster",
            () -> booster.featureImportance(ALL_ITERATIONS, FeatureImportanceType.GAIN));
    Map<String, Double> importance = new LinkedHashMap<>();
    for (int i = 0; i < gains.length; i++) {
      importance.put(names.get(i), gains[i]);
    }
    return importance;
  }

  // ---- the model

  /**
   * Packs a booster with all its trees: {@value #MODEL_FILE} in LightGBM's text format, which every
   * LightGBM reads, and as metadata the library's version, the objective, the number of trees and
   * of classes, and the feature names.
   *
   * @return a package to which {@code with} adds the signature and others
   * @throws IllegalArgumentException if the booster is closed
   */
  public static ModelPackage pack(LGBMBooster booster) {
    Objects.requireNonNull(booster, "booster");
    String text =
        call(
            "save the booster",
            () -> booster.saveModelToString(0, ALL_ITERATIONS, FeatureImportanceType.SPLIT));
    ModelText model = new ModelText(text);
    Map<String, Object> metadata = new LinkedHashMap<>();
    version().ifPresent(version -> metadata.put("lightgbm_version", version));
    metadata.put("model_file", MODEL_FILE);
    metadata.put("model_format", model.format());
    metadata.put("objective", model.objective());
    metadata.put("num_trees", model.trees());
    metadata.put("num_classes", model.classes());
    metadata.put("feature_names", model.featureNames());
    return ModelPackage.of(FLAVOR, metadata)
        .with(ModelPart.of(MODEL_FILE, "text/plain", text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Returns a signature with the booster's features as optional doubles, because LightGBM takes
   * missing values, and one double as output.
   *
   * @param output the name of what it predicts
   */
  public static Signature signature(LGBMBooster booster, String output) {
    Signature.Builder signature = Signature.builder();
    featureNames(booster).forEach(name -> signature.optionalInput(name, DataType.DOUBLE));
    return signature.output(output, DataType.DOUBLE).build();
  }

  /** Returns a feature schema with the booster's features as doubles that may be missing. */
  public static FeatureSchema featureSchema(LGBMBooster booster) {
    return new FeatureSchema(
        featureNames(booster).stream()
            .map(name -> Feature.of(name, DataType.DOUBLE).orNull())
            .toList());
  }

  /**
   * Returns golden records: these rows, and what the booster predicts for them now.
   *
   * @param rows at most 1,000, as for {@link #predict}
   * @param output the name of what it predicts
   * @throws IllegalArgumentException as {@link #predict} does
   */
  public static GoldenRecords goldenRecords(LGBMBooster booster, double[][] rows, String output) {
    double[] predictions = predict(booster, rows);
    double[][] outputs = new double[rows.length][];
    Arrays.setAll(outputs, row -> new double[] {predictions[row]});
    return GoldenRecords.of(featureNames(booster), rows, List.of(output), outputs);
  }

  // ---- under the hood

  private static List<String> featureNames(LGBMBooster booster) {
    Objects.requireNonNull(booster, "booster");
    return call("read the booster", () -> List.of(booster.getFeatureNames()));
  }

  private static LGBMDataset dataset(
      String params,
      List<String> names,
      double[][] features,
      double[] labels,
      @Nullable LGBMDataset reference) {
    double[] matrix = matrix(features, names.size());
    if (labels.length != features.length) {
      throw new IllegalArgumentException(
          "there are " + features.length + " rows, but " + labels.length + " labels");
    }
    float[] narrow = new float[labels.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) labels[i];
    }
    load();
    return call(
        "make a dataset",
        () -> {
          LGBMDataset dataset =
              LGBMDataset.createFromMat(
                  matrix, features.length, names.size(), true, params, reference);
          try {
            dataset.setFeatureNames(names.toArray(String[]::new));
            dataset.setField("label", narrow);
            return dataset;
          } catch (LGBMException | RuntimeException e) {
            dataset.close();
            throw e;
          }
        });
  }

  /** The rows one after the other. */
  private static double[] matrix(double[][] rows, int columns) {
    if (rows.length == 0 || columns == 0) {
      throw new IllegalArgumentException(
          "there are "
              + rows.length
              + " rows of "
              + columns
              + " features; both must be at least 1");
    }
    if ((long) rows.length * columns > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          rows.length + " rows of " + columns + " features are too many for one array");
    }
    double[] matrix = new double[rows.length * columns];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != columns) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " has "
                + rows[row].length
                + " values, but there are "
                + columns
                + " features");
      }
      System.arraycopy(rows[row], 0, matrix, row * columns, columns);
    }
    return matrix;
  }

  /** LightGBM's form of parameters: {@code key=value}, with spaces between. */
  private static String text(Map<String, ?> params) {
    List<String> words = new ArrayList<>();
    if (!params.containsKey("verbosity") && !params.containsKey("verbose")) {
      words.add("verbosity=0");
    }
    params.forEach(
        (key, value) -> {
          String text =
              value instanceof Collection<?> list
                  ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                  : String.valueOf(value);
          if (!key.matches("[A-Za-z_]\\w*") || text.isEmpty() || text.matches("(?s).*[\\s=].*")) {
            throw new IllegalArgumentException(
                "LightGBM has no parameter \""
                    + key
                    + "="
                    + text
                    + "\": a key is a word, and a value has neither spaces nor '='");
          }
          words.add(key + "=" + text);
        });
    return String.join(" ", words);
  }

  /** The version of the LightGBM in lightgbm4j's jar, if the jar still says so. */
  static Optional<String> version() {
    String resource = "/META-INF/maven/io.github.metarank/lightgbm4j/pom.properties";
    try (InputStream in = LGBMBooster.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      // 4.3.0-1 is the wrapper's first release of LightGBM 4.3.0.
      return Optional.ofNullable(properties.getProperty("version"))
          .map(version -> version.replaceAll("-.*", ""));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static <T> T call(String what, NativeCall<T> call) {
    try {
      return call.call();
    } catch (LGBMException e) {
      throw new IllegalArgumentException("LightGBM cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private interface NativeCall<T> {
    T call() throws LGBMException;
  }
}
