package io.plumbline.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An output that has, for each row, a map from classes to numbers (ZipMap). ONNX Runtime makes
 * objects for each of them: a model that was exported without is much faster.
 *
 * @param name the output
 * @param classes the keys, in ascending order: that of the classes in training
 */
record ClassMap(String name, List<Object> classes) {

  /** Reads the classes off what the model gives for some rows. */
  static ClassMap of(String name, OnnxSequence value) throws OrtException {
    List<? extends OnnxValue> maps = value.getValue();
    try {
      if (maps.isEmpty()) {
        throw new OrtException("the output '" + name + "' has no map");
      }
      List<Object> classes = new ArrayList<>(((OnnxMap) maps.get(0)).getValue().keySet());
      classes.sort(null);
      return new ClassMap(name, List.copyOf(classes));
    } finally {
      maps.forEach(OnnxValue::close);
    }
  }

  /** Reads the numbers of some rows, row after row. */
  void read(OnnxSequence value, int rows, ByteBuffer to) throws OrtException {
    List<? extends OnnxValue> maps = value.getValue();
    try {
      if (maps.size() != rows) {
        throw new OrtException(
            "the output '" + name + "' has " + maps.size() + " maps for " + rows + " rows");
      }
      int index = 0;
      for (OnnxValue map : maps) {
        Map<?, ?> numbers = ((OnnxMap) map).getValue();
        for (Object key : classes) {
          NumberType.DOUBLE.put(to, index++, number(numbers, key));
        }
      }
    } finally {
      maps.forEach(OnnxValue::close);
    }
  }

  private double number(Map<?, ?> numbers, Object key) throws OrtException {
    if (numbers.size() == classes.size() && numbers.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw new OrtException(
        "the output '" + name + "' has other classes than at first: " + numbers.keySet());
  }
}
