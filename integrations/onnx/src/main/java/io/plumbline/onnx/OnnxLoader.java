package io.plumbline.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.plumbline.IncompatibleModelException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Loads packages of the flavor {@value Onnx#FLAVOR} with ONNX Runtime; those that MLflow has
 * written too. One predictor serves all threads.
 *
 * <ul>
 *   <li><b>The file</b> is the part that the metadata call {@code model_file} or, as MLflow does,
 *       {@code data}; else {@value Onnx#MODEL_FILE}. It is opened by its path, with the files of
 *       external tensors beside it. All of these must be parts of the package: a file that names
 *       another is refused before ONNX Runtime sees it.
 *   <li><b>Inputs</b> are numbered in the graph's order: a tensor of shape {@code [N, n]} is n
 *       inputs, {@code [N, 1]} and {@code [N]} are one, more dimensions are counted row by row.
 *       Numbers are cast to the type of their tensor; what would be no whole number, or no boolean,
 *       is refused, NaN too. Text goes through {@code predictColumns} only.
 *   <li><b>Outputs</b> are those that the metadata name in {@code output} (names with commas
 *       between), in that order; else those of the signature, if the graph has all of these; else
 *       all that are not text, in the graph's order. Numbers, booleans and ZipMap's maps become
 *       doubles: integers beyond 2^53 lose digits, and maps are in the order of their keys.
 *   <li><b>Threads</b>: the calling one. {@code onnx.intra-op-threads} and {@code
 *       onnx.inter-op-threads} in the settings give each loaded model a pool of its own; 0 takes as
 *       many as there are cores.
 *   <li><b>Rows</b>: a model that was exported for exactly one row is run row by row.
 *   <li><b>Refused</b> is what ONNX Runtime would not survive: trees that are none, or that are
 *       more than 500 nodes deep.
 *   <li><b>Telemetry</b> of ONNX Runtime is turned off for the whole process. For 1.29.0 on Linux
 *       and macOS that is too late: set {@code ORT_DISABLE_TELEMETRY=1} in the process's
 *       environment.
 * </ul>
 *
 * A prediction that fails is an {@link OnnxException}; ONNX Runtime's messages may quote values.
 * Models should be closed before the JVM exits: ONNX Runtime frees itself in a shutdown hook.
 */
public final class OnnxLoader implements ModelLoader {
  /** Makes a loader; it holds nothing, and the native library is loaded with the first model. */
  public OnnxLoader() {}

  @Override
  public Set<String> flavors() {
    return Set.of(Onnx.FLAVOR);
  }

  /**
   * {@inheritDoc}
   *
   * @throws OnnxException if the native library cannot be loaded
   */
  @Override
  public LoadedModel load(ModelPackage model, Path folder, LoadOptions options) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(options, "options");
    String name = modelFile(model);
    Path file = folder.resolve(name).toAbsolutePath();
    ModelFile facts = read(name, file);
    SortedSet<String> externalData = ExternalData.check(model, name, facts.externalData());
    if (!options.allowNewerFormat()) {
      FormatGuard.check(name, facts, Engine.version());
    }
    long memoryBytes = OnnxModel.memory(bytes(model, name, externalData), facts.treeNodes());
    OrtSession session;
    try {
      session = Engine.open(file, options);
    } catch (OrtException e) {
      throw refused(name, facts, e);
    }
    boolean finished = false;
    try {
      LoadedModel loaded = describe(model, name, session, memoryBytes);
      finished = true;
      return loaded;
    } finally {
      if (!finished) {
        OnnxModel.close(name, session);
      }
    }
  }

  /** The part that is the model. */
  static String modelFile(ModelPackage model) {
    Object named =
        Stream.of("model_file", "data")
            .map(model.metadata()::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(Onnx.MODEL_FILE);
    if (!(named instanceof String name) || model.part(name).isEmpty()) {
      throw new IncompatibleModelException(
          "The package has no model file "
              + Printable.quote(named.toString())
              + "; its parts are "
              + model.parts().stream().map(ModelPart::name).toList()
              + ". \"model_file\" in its metadata must name one of them");
    }
    return name;
  }

  private static ModelFile read(String name, Path file) {
    try {
      return ModelFileReader.read(file);
    } catch (MalformedModelException e) {
      throw malformed(name, e);
    } catch (IOException e) {
      throw new StoreException("Cannot read " + Printable.quote(file.toString()) + ": " + e, e);
    }
  }

  /** What is thrown for a file that is no ONNX model. */
  static IncompatibleModelException malformed(String name, MalformedModelException e) {
    return new IncompatibleModelException(
        "The file "
            + Printable.quote(name)
            + " is no ONNX model that can be loaded: "
            + e.getMessage()
            + ". Export it again, or fetch it again if it was whole once",
        e);
  }

  private static LoadedModel describe(
      ModelPackage model, String name, OrtSession session, long memoryBytes) {
    try {
      Inputs inputs = Inputs.of(session.getInputInfo().values(), model.signature());
      Outputs outputs =
          new OutputReader(
                  session.getOutputInfo(), new Probe(session, inputs, model), inputs.oneRow())
              .read(OutputChoice.of(model, session.getOutputNames()), session.getInputNames());
      return new OnnxModel(name, session, inputs, outputs, memoryBytes);
    } catch (IncompatibleModelException e) {
      throw new IncompatibleModelException(
          "The model file " + Printable.quote(name) + " does not fit: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw new IncompatibleModelException(
          "ONNX Runtime cannot describe the model " + Printable.quote(name) + ": " + e.getMessage(),
          e);
    }
  }

  private static long bytes(ModelPackage model, String name, SortedSet<String> externalData) {
    return Stream.concat(Stream.of(name), externalData.stream())
        .mapToLong(part -> model.part(part).orElseThrow().size())
        .sum();
  }

  private static IncompatibleModelException refused(String name, ModelFile facts, OrtException e) {
    SortedSet<String> strange = facts.foreignDomains();
    return new IncompatibleModelException(
        "ONNX Runtime "
            + Engine.version()
            + " does not load the model "
            + Printable.quote(name)
            + ": "
            + e.getMessage()
            + (strange.isEmpty()
                ? ". Export it again, for this version of ONNX Runtime"
                : ". It uses operators of "
                    + strange
                    + ", which ONNX Runtime does not have itself: export it without custom"
                    + " operators"),
        e);
  }
}
