package io.plumbline.onnx;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that count, in the order in which a row has them.
 *
 * @param all at least one
 */
record Outputs(List<Output> all) {

  /**
   * One of them.
   *
   * @param port how a row of its numbers lies in memory
   * @param map how the numbers get there; null if the engine itself writes them
   */
  record Output(Port port, @Nullable ClassMap map) {}

  /** How many numbers a row has. */
  int width() {
    return all.stream().mapToInt(output -> output.port().width()).sum();
  }

  /** Those that the engine writes into memory of ours. */
  List<Port> tensors() {
    return all.stream().filter(output -> output.map() == null).map(Output::port).toList();
  }

  /** The names of those that the engine makes objects for. */
  Set<String> mapNames() {
    return all.stream()
        .filter(output -> output.map() != null)
        .map(output -> output.port().name())
        .collect(Collectors.toUnmodifiableSet());
  }
}
