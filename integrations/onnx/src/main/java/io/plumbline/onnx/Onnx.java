package io.plumbline.onnx;

import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * ONNX with Plumbline: packs a model file with all that describes it. {@link OnnxLoader} lets such
 * a package predict.
 *
 * <pre>{@code
 * ModelPackage model = Onnx.pack(Path.of("model.onnx"), "probabilities");
 * tracker.logModel(
 *     "model",
 *     model
 *         .with(Onnx.signature(model))
 *         .with(Onnx.goldenRecords(model, InputExample.of(names, rows))));
 * }</pre>
 *
 * Packing reads the file itself and needs no native code; only the golden records start ONNX
 * Runtime.
 */
public final class Onnx {
  /** The flavor of the packages; MLflow's name. */
  public static final String FLAVOR = "onnx";

  /** The part that is the model, if the metadata name no other. */
  public static final String MODEL_FILE = "model.onnx";

  private static final String MEDIA_TYPE = "application/octet-stream";

  private Onnx() {}

  /**
   * Packs a model file and the files of external tensors that it names. The metadata are its IR
   * version, its opsets by domain, who produced it, and the outputs that count.
   *
   * @param modelFile stays on disk, and must stay as it is until the package is stored
   * @param outputs the names of the outputs that count, in order; none for all that are not text
   * @return a package to which {@code with} adds the signature and others
   * @throws IllegalArgumentException if the file is no ONNX model, names a file that is missing or
   *     not below its folder, or has no output of that name
   */
  public static ModelPackage pack(Path modelFile, String... outputs) {
    Path file = Objects.requireNonNull(modelFile, "modelFile").toAbsolutePath();
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    ModelPart part = ModelPart.file(name, MEDIA_TYPE, file);
    ModelFile facts = read(part);
    SortedSet<String> externalData;
    try {
      externalData = ExternalData.parts(name, facts.externalData());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The model file " + Printable.quote(name) + " cannot be packed: " + e.getMessage(), e);
    }
    ModelPackage model =
        ModelPackage.of(FLAVOR, metadata(name, facts, List.of(outputs))).with(part);
    for (String external : externalData) {
      model = model.with(ModelPart.file(external, MEDIA_TYPE, file.resolveSibling(external)));
    }
    return model;
  }

  private static Map<String, Object> metadata(String name, ModelFile facts, List<String> outputs) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("model_file", name);
    metadata.put("ir_version", facts.irVersion());
    metadata.put("opsets", facts.opsets());
    if (!facts.producerName().isEmpty()) {
      metadata.put("producer_name", facts.producerName());
    }
    if (!facts.producerVersion().isEmpty()) {
      metadata.put("producer_version", facts.producerVersion());
    }
    if (!outputs.isEmpty()) {
      List<String> known = facts.outputs().stream().map(GraphValue::name).toList();
      if (!known.containsAll(outputs)) {
        throw new IllegalArgumentException(
            "The model has the outputs " + known + ", but " + outputs + " shall count");
      }
      metadata.put(OutputChoice.KEY, String.join(",", outputs));
    }
    return metadata;
  }

  /**
   * Returns a signature as the graph declares it: columns where each input is one value for a row,
   * else tensors; as outputs the tensors of numbers that count.
   *
   * @throws IllegalArgumentException if an input or output has no place in a signature
   * @throws io.plumbline.IncompatibleModelException if the package lacks the model file or the
   *     outputs that its metadata name
   */
  public static Signature signature(ModelPackage model) {
    String name = OnnxLoader.modelFile(Objects.requireNonNull(model, "model"));
    return GraphSignature.of(read(model.part(name).orElseThrow()), model);
  }

  /**
   * Returns golden records: these rows, and what the model predicts for them now.
   *
   * @param model its files are copied into a temporary folder for as long as this takes
   * @param rows one value for each input in the order of positions, null for a missing number
   * @throws IllegalArgumentException if the rows do not fit the model
   * @throws io.plumbline.IncompatibleModelException if the model cannot be loaded
   */
  public static GoldenRecords goldenRecords(ModelPackage model, InputExample rows) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(rows, "rows");
    try (TemporaryFolder folder = TemporaryFolder.of(model);
        LoadedModel loaded = new OnnxLoader().load(model, folder.path(), LoadOptions.DEFAULT);
        Predictor predictor = loaded.open()) {
      int count = rows.rows().size();
      double[] numbers = new double[count * loaded.outputs()];
      predictor.predictColumns(columns(rows), count, numbers);
      List<List<Double>> outputs = new ArrayList<>();
      for (int row = 0; row < count; row++) {
        int first = row * loaded.outputs();
        outputs.add(Arrays.stream(numbers, first, first + loaded.outputs()).boxed().toList());
      }
      return new GoldenRecords(
          rows.columns(),
          rows.rows(),
          ((OnnxModel) loaded).outputNames(),
          outputs,
          GoldenRecords.RELATIVE_TOLERANCE,
          GoldenRecords.ABSOLUTE_TOLERANCE);
    }
  }

  /**
   * The columns as arrays: of text, of whole numbers, or of numbers with NaN for what is missing.
   */
  private static Object[] columns(InputExample example) {
    List<List<@Nullable Object>> rows = example.rows();
    Object[] columns = new Object[example.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      List<@Nullable Object> cells = rows.stream().map(row -> row.get(column)).toList();
      if (cells.stream().anyMatch(String.class::isInstance)) {
        columns[i] = cells.stream().map(Onnx::text).toArray(String[]::new);
      } else if (cells.stream().allMatch(Long.class::isInstance)) {
        columns[i] =
            cells.stream().mapToLong(cell -> (Long) Objects.requireNonNull(cell)).toArray();
      } else {
        columns[i] = cells.stream().mapToDouble(Onnx::number).toArray();
      }
    }
    return columns;
  }

  private static @Nullable String text(@Nullable Object cell) {
    return cell == null ? null : cell.toString();
  }

  private static double number(@Nullable Object cell) {
    if (cell instanceof Number number) {
      return number.doubleValue();
    }
    return cell == null ? Double.NaN : Boolean.TRUE.equals(cell) ? 1 : 0;
  }

  private static ModelFile read(ModelPart part) {
    try (InputStream in = part.open()) {
      return ModelFileReader.read(in, part.size());
    } catch (MalformedModelException e) {
      throw new IllegalArgumentException(
          "The file "
              + Printable.quote(part.name())
              + " is no ONNX model that can be loaded: "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new StoreException("Cannot read " + Printable.quote(part.name()) + ": " + e, e);
    }
  }
}
