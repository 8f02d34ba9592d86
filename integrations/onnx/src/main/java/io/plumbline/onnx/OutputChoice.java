package io.plumbline.onnx;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of a graph's outputs somebody has chosen, and in which order. */
final class OutputChoice {
  /** The key of a package's metadata. */
  static final String KEY = "output";

  private OutputChoice() {}

  /**
   * Returns what the metadata name, else what the signature names if all its outputs are the
   * graph's.
   *
   * @param known the graph's outputs
   * @return nothing if nobody has chosen
   * @throws IncompatibleModelException if the metadata name an output that the graph does not have
   */
  static Optional<List<String>> of(ModelPackage model, Set<String> known) {
    Object chosen = model.metadata().get(KEY);
    if (chosen != null) {
      return Optional.of(checked(names(chosen, known), known));
    }
    return model
        .signature()
        .map(Signature::outputNames)
        .filter(names -> !names.isEmpty() && known.containsAll(names));
  }

  private static List<String> names(Object chosen, Set<String> known) {
    if (chosen instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    String text = String.valueOf(chosen);
    return known.contains(text)
        ? List.of(text)
        : Arrays.stream(text.split(",")).map(String::trim).toList();
  }

  private static List<String> checked(List<String> names, Set<@Nullable String> known) {
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw new IncompatibleModelException(
          "The model's metadata have \""
              + KEY
              + "\": "
              + Printable.quote(names.toString())
              + "; it must name different outputs of the model, with commas between");
    }
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IncompatibleModelException(
            "The model's metadata choose the output "
                + Printable.quote(name)
                + ", but the model has "
                + Printable.quote(known.toString()));
      }
    }
    return names;
  }
}
