package io.plumbline.lightgbm;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import java.util.List;
import java.util.stream.IntStream;

/** Compares a package's signature with the features of its model. */
final class SignatureCheck {
  private SignatureCheck() {}

  /**
   * Checks that the signature's inputs are the model's features, in the same order.
   *
   * @throws IncompatibleModelException if they are not; it names both
   */
  static void check(Signature signature, List<String> features, String file) {
    if (signature.inputs().stream().anyMatch(TensorSpec.class::isInstance)) {
      checkTensor(signature, features, file);
      return;
    }
    List<String> inputs = signature.inputNames();
    if (inputs.size() != features.size()) {
      throw mismatch(
          "the signature has "
              + inputs.size()
              + " inputs, "
              + some(inputs)
              + ", but "
              + file
              + " has "
              + features.size()
              + " features, "
              + some(features));
    }
    if (areMadeUp(features)) {
      return;
    }
    for (int i = 0; i < inputs.size(); i++) {
      // LightGBM has no blanks in names.
      String input = inputs.get(i).replace(' ', '_');
      if (!input.isEmpty() && !input.equals(features.get(i))) {
        throw mismatch(
            "input "
                + i
                + " of the signature is "
                + Printable.quote(inputs.get(i))
                + ", but feature "
                + i
                + " of "
                + file
                + " is "
                + Printable.quote(features.get(i)));
      }
    }
  }

  /** A matrix has as many columns as the model has features. */
  private static void checkTensor(Signature signature, List<String> features, String file) {
    if (signature.inputs().size() == 1
        && signature.inputs().get(0) instanceof TensorSpec tensor
        && tensor.shape().size() == 2) {
      long columns = tensor.shape().get(1);
      if (columns >= 0 && columns != features.size()) {
        throw mismatch(
            "the signature's tensor has "
                + columns
                + " columns, but "
                + file
                + " has "
                + features.size()
                + " features, "
                + some(features));
      }
    }
  }

  /** Whether nobody has named the features: LightGBM then counts them. */
  private static boolean areMadeUp(List<String> features) {
    return IntStream.range(0, features.size()).allMatch(i -> features.get(i).equals("Column_" + i));
  }

  private static String some(List<String> names) {
    return names.stream().limit(10).map(Printable::quote).toList()
        + (names.size() > 10 ? " and others" : "");
  }

  private static IncompatibleModelException mismatch(String what) {
    return new IncompatibleModelException(
        what
            + ": they belong to two models. Pack the booster with its own signature, as"
            + " LightGbm.signature makes it");
  }
}
