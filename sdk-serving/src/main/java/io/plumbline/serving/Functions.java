package io.plumbline.serving;

import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import java.util.Map;

/** Packs models that are plain Java: the package has the name, the program the code. */
public final class Functions {
  /** The flavor of the packages. */
  public static final String FLAVOR = "function";

  private Functions() {}

  /**
   * Packs a function by its name. The program that serves it binds the name to the code with {@link
   * LiveModel.Builder#function}.
   *
   * @param name the function's name; the package has no code, so give another version of the
   *     function another name
   * @param signature its inputs and outputs
   */
  public static ModelPackage pack(String name, Signature signature) {
    return ModelPackage.of(FLAVOR, Map.of("function", name)).with(signature);
  }
}
