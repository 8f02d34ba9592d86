package io.plumbline.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a graph, as the file declares it.
 *
 * @param name is empty only in a malformed file
 * @param elementType ONNX's number of the elements' type; 0 if it is no tensor
 * @param shape the length of each dimension, -1 where it is any; null if none is declared
 */
record GraphValue(String name, int elementType, @Nullable List<Long> shape) {}
