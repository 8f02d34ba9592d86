package io.plumbline.onnx;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an ONNX file says about itself.
 *
 * @param irVersion the version of the file format; 0 if it says none
 * @param opsets the highest version of each operator set that the model or a function in it
 *     imports; the default domain is {@code ai.onnx}
 * @param producerName who wrote it, such as {@code skl2onnx}; may be empty
 * @param producerVersion may be empty
 * @param inputs what a call gives, in order; values that the file has itself are no inputs
 * @param outputs what a call gets, in order
 * @param externalData the locations of all tensors that lie outside the file, wherever in the model
 *     they are
 * @param treeNodes how many nodes its ensembles of trees have
 */
record ModelFile(
    long irVersion,
    Map<String, Long> opsets,
    String producerName,
    String producerVersion,
    List<GraphValue> inputs,
    List<GraphValue> outputs,
    SortedSet<String> externalData,
    long treeNodes) {

  /** The domains of operators that are neither ONNX's nor Microsoft's. */
  SortedSet<String> foreignDomains() {
    SortedSet<String> domains = new TreeSet<>(opsets.keySet());
    domains.removeIf(domain -> domain.matches("(ai\\.onnx|com\\.microsoft)(\\..*)?"));
    return domains;
  }
}
