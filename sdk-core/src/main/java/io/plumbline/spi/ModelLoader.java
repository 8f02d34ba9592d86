package io.plumbline.spi;

import io.plumbline.model.ModelPackage;
import java.nio.file.Path;
import java.util.Set;

/**
 * Reads models of some flavors, so that they can predict in this process.
 *
 * <p>Found by {@link java.util.ServiceLoader}: the jar names it in {@code
 * META-INF/services/io.plumbline.spi.ModelLoader}, and it has a public constructor without
 * arguments. Implementations are safe for many threads.
 */
public interface ModelLoader {
  /** Returns the flavors that it reads, such as {@code lightgbm}. */
  Set<String> flavors();

  /**
   * Loads a model. Whoever calls has compared every file with its digest, and closes what is
   * returned.
   *
   * @param model the package: flavor, metadata, documents
   * @param folder holds the package's files under their names, and keeps them as long as the loaded
   *     model is open
   * @throws io.plumbline.IncompatibleModelException if the model is of a format that is newer than
   *     this loader's engine, and {@link LoadOptions#allowNewerFormat} is false; or if it is none
   *     that the engine reads
   */
  LoadedModel load(ModelPackage model, Path folder, LoadOptions options);
}
