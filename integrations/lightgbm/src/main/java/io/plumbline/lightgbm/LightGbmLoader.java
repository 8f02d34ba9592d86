package io.plumbline.lightgbm;

import io.plumbline.IncompatibleModelException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Loads LightGBM models in the text format: those of {@link LightGbm#pack}, and those that MLflow's
 * Python client has logged from a {@code lightgbm.Booster}.
 *
 * <p>The file is the one that the package's metadata names as {@code model_file} or, as MLflow
 * does, {@code data}; else {@code model.txt} or {@code model.lgb}. The whole text is checked before
 * LightGBM sees it, whose parser ends the program on many texts that were cut off or changed.
 *
 * <p>Each predictor has a booster of its own, which doubles what two threads get done, and takes
 * its memory. It predicts with one thread; as LightGBM keeps the number of threads for the whole
 * process, a training that runs there meanwhile goes on with one thread, too.
 *
 * <p>Rows have the model's features in its order, as numbers; NaN is a missing value, and a
 * category is its number in the training data. Outputs are what LightGBM predicts: one number, or
 * one for each class. {@link #load} throws {@link NativeLibraryException} where the native library
 * cannot be loaded.
 */
public final class LightGbmLoader implements ModelLoader {
  /** The newest version of the text format that lightgbm4j's LightGBM writes itself. */
  private static final int NEWEST_FORMAT = 4;

  private static final Pattern FORMAT = Pattern.compile("v([0-9]{1,9})");

  /** A text, its copy for LightGBM and what reads them must fit into memory and arrays. */
  private static final long MAX_SIZE = 1 << 30;

  /** Makes a loader; it has no state. */
  public LightGbmLoader() {}

  @Override
  public Set<String> flavors() {
    return Set.of(LightGbm.FLAVOR);
  }

  @Override
  public LoadedModel load(ModelPackage model, Path folder, LoadOptions options) {
    Path file = folder.resolve(modelFile(model).name());
    String name = Printable.quote(file.toString());
    String text = read(file, name);
    try {
      ModelText head = new ModelText(text);
      if (!options.allowNewerFormat()) {
        checkFormat(head.format(), name);
      }
      String checked = ModelCheck.checked(text, head, options.allowNewerFormat());
      List<String> features = head.featureNames();
      model.signature().ifPresent(s -> SignatureCheck.check(s, features, name));
      NativeLibrary.load();
      return new LightGbmModel(checked, features.size(), head.classes());
    } catch (IllegalArgumentException e) {
      throw new IncompatibleModelException(
          name
              + " is no text that LightGBM "
              + LightGbm.version().orElse("")
              + " reads: "
              + e.getMessage()
              + ". Save the booster again with the LightGBM that trained it, as text"
              + " (Booster.save_model), and log that; if its LightGBM is newer than this one, use"
              + " a newer plumbline-lightgbm or lightgbm4j, or train with an older LightGBM",
          e);
    }
  }

  /** The part that the metadata names, which is what somebody else wrote: only a part counts. */
  private static ModelPart modelFile(ModelPackage model) {
    for (String key : List.of("model_file", "data")) {
      if (model.metadata().get(key) instanceof String named) {
        return model
            .part(named)
            .orElseThrow(
                () ->
                    new IncompatibleModelException(
                        "the package's metadata names "
                            + Printable.quote(named)
                            + " as "
                            + key
                            + ", but "
                            + parts(model)));
      }
    }
    return Stream.of(LightGbm.MODEL_FILE, "model.lgb")
        .flatMap(named -> model.part(named).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new IncompatibleModelException(
                    "the package's metadata names no model_file, and "
                        + parts(model)
                        + "; "
                        + LightGbm.MODEL_FILE
                        + " or model.lgb is read"));
  }

  private static String parts(ModelPackage model) {
    return "its parts are "
        + model.parts().stream().limit(20).map(part -> Printable.quote(part.name())).toList();
  }

  private static String read(Path file, String name) {
    try {
      long size = Files.size(file);
      if (size > MAX_SIZE) {
        throw new IncompatibleModelException(
            name + " has " + size + " bytes; at most " + MAX_SIZE + " are read");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IncompatibleModelException(
          name
              + " is no text: a LightGBM model is read from the text of a Booster. From one of"
              + " scikit-learn's wrappers, log its booster_",
          e);
    } catch (IOException e) {
      throw new StoreException("cannot read " + name + ": " + e, e);
    }
  }

  private static void checkFormat(String format, String name) {
    var matcher = FORMAT.matcher(format);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("its format is " + Printable.quote(format));
    }
    if (Integer.parseInt(matcher.group(1)) > NEWEST_FORMAT) {
      throw new IncompatibleModelException(
          name
              + " is of LightGBM's text format "
              + format
              + "; the newest known here, to LightGBM "
              + LightGbm.version().orElse("")
              + ", is v"
              + NEWEST_FORMAT
              + ". Use a newer plumbline-lightgbm or lightgbm4j, train with an older LightGBM, or set"
              + " the option allowNewerFormat: the model may then predict wrongly without a word");
    }
  }
}
