package io.plumbline.onnx;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files that hold tensors of a model: which parts of the package they are.
 *
 * <p>ONNX Runtime opens whatever a location names, and maps it into memory; also {@code ../secret}
 * if its own checks have a gap. So a location that is no part of the package is refused before the
 * file is opened.
 */
final class ExternalData {
  private ExternalData() {}

  /**
   * Returns the names of the parts that the locations mean.
   *
   * @param modelFile the part that is the model; locations are relative to its folder
   * @throws IllegalArgumentException if a location leads out of that folder; the message says which
   */
  static SortedSet<String> parts(String modelFile, SortedSet<String> locations) {
    String folder = modelFile.substring(0, modelFile.lastIndexOf('/') + 1);
    SortedSet<String> parts = new TreeSet<>();
    for (String location : locations) {
      parts.add(folder + inside(location));
    }
    return parts;
  }

  /**
   * Checks that all locations are parts of a package.
   *
   * @throws IncompatibleModelException if one is not
   */
  static SortedSet<String> check(
      ModelPackage model, String modelFile, SortedSet<String> locations) {
    SortedSet<String> parts;
    try {
      parts = parts(modelFile, locations);
    } catch (IllegalArgumentException e) {
      throw new IncompatibleModelException(
          "The model file " + Printable.quote(modelFile) + " is not opened: " + e.getMessage(), e);
    }
    for (String part : parts) {
      if (model.part(part).isEmpty()) {
        throw new IncompatibleModelException(
            "The model file "
                + Printable.quote(modelFile)
                + " has tensors in "
                + Printable.quote(part)
                + ", which is no part of the package. Pack the model with the files that it names"
                + " (Onnx.pack does)");
      }
    }
    return parts;
  }

  private static String inside(String location) {
    List<String> segments = new ArrayList<>(List.of(location.split("/", -1)));
    segments.removeIf(segment -> segment.equals("."));
    if (segments.isEmpty()
        || segments.stream().anyMatch(segment -> segment.isEmpty() || segment.equals(".."))
        || location.indexOf('\\') >= 0
        || location.matches("(?s)[A-Za-z]:.*")) {
      throw new IllegalArgumentException(
          "it has tensors in "
              + Printable.quote(location)
              + ", which is not a path below the model's folder. Save the model with its external"
              + " data beside it (onnx.save_model with save_as_external_data and a relative"
              + " location)");
    }
    return String.join("/", segments);
  }
}
