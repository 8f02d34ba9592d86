package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.serving.internal.LiveModels.Options;
import io.plumbline.spi.ModelLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** The loaders of a live model: those that its program gives, and those on the class path. */
final class Loaders {
  /** Where the loaders of well-known flavors are. */
  private static final Map<String, String> ARTIFACTS =
      Map.of("lightgbm", "io.plumbline:plumbline-lightgbm", "onnx", "io.plumbline:plumbline-onnx");

  /** Formats that run code when they are read, or need Python for it. */
  private static final Set<String> PYTHON =
      Set.of("python_function", "pyfunc", "sklearn", "pickle", "cloudpickle", "joblib", "keras");

  private static final Set<String> RUNS_CODE = Set.of("java-serialization", "java_serialization");

  private final List<ModelLoader> loaders;

  Loaders(Options options) {
    loaders = new ArrayList<>(options.loaders);
    loaders.add(new FunctionLoader(options.functions));
    // The loader of the SDK itself: the context's may be another application's.
    ServiceLoader<ModelLoader> found =
        ServiceLoader.load(ModelLoader.class, Loaders.class.getClassLoader());
    try {
      found.forEach(loaders::add);
    } catch (ServiceConfigurationError e) {
      throw new IncompatibleModelException("a model loader on the class path is broken: " + e, e);
    }
  }

  /**
   * Returns the loader of a flavor.
   *
   * @throws IncompatibleModelException if there is none; the message says what to do
   */
  ModelLoader of(String flavor) {
    for (ModelLoader loader : loaders) {
      if (loader.flavors().contains(flavor)) {
        return loader;
      }
    }
    throw new IncompatibleModelException(
        "no loader reads the flavor " + Printable.quote(flavor) + remedy(flavor));
  }

  private String remedy(String flavor) {
    if (PYTHON.contains(flavor)) {
      return ", which only Python can load. There are three ways out: export the model to ONNX"
          + " and register that; serve it by a Python server, and call that; or give a loader of"
          + " your own with LiveModel.Builder.loader";
    }
    if (RUNS_CODE.contains(flavor)) {
      return ": reading it would run code that the file brings along, which Plumbline refuses;"
          + " export the model to ONNX, or to its library's own format";
    }
    String artifact = ARTIFACTS.get(flavor);
    Set<String> known = new TreeSet<>();
    loaders.forEach(loader -> known.addAll(loader.flavors()));
    return artifact == null
        ? "; there are loaders for " + known + "; give one with LiveModel.Builder.loader"
        : "; add " + artifact + " to the class path";
  }
}
