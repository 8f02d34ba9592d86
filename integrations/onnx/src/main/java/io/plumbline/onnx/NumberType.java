package io.plumbline.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The types of numbers that tensors may have here, and how they lie in memory. */
enum NumberType {
  FLOAT(OnnxJavaType.FLOAT, Float.BYTES),
  DOUBLE(OnnxJavaType.DOUBLE, Double.BYTES),
  INT64(OnnxJavaType.INT64, Long.BYTES),
  INT32(OnnxJavaType.INT32, Integer.BYTES),
  BOOL(OnnxJavaType.BOOL, 1);

  /** The first double beyond the longs: a cast would turn it into the largest long. */
  private static final double LONG_END = 0x1p63;

  private final OnnxJavaType java;
  private final int bytes;

  NumberType(OnnxJavaType java, int bytes) {
    this.java = java;
    this.bytes = bytes;
  }

  /** The type of that ONNX name, if it is one of these. */
  static Optional<NumberType> of(OnnxTensorType type) {
    return switch (type) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(FLOAT);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(DOUBLE);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(INT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(INT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(BOOL);
      default -> Optional.empty();
    };
  }

  OnnxJavaType java() {
    return java;
  }

  /** The size of a number. */
  int bytes() {
    return bytes;
  }

  /**
   * Writes a number at an index. Floats are rounded to; whole types and booleans are not.
   *
   * @return false if the number is none of this type
   */
  boolean put(ByteBuffer to, int index, double number) {
    switch (this) {
      case FLOAT -> to.putFloat(index << 2, (float) number);
      case DOUBLE -> to.putDouble(index << 3, number);
      default -> {
        long whole = (long) number;
        // NaN becomes 0, which is not equal to it.
        return whole == number && number < LONG_END && put(to, index, whole);
      }
    }
    return true;
  }

  /**
   * Writes a whole number at an index.
   *
   * @return false if the number is none of this type
   */
  boolean put(ByteBuffer to, int index, long number) {
    switch (this) {
      case FLOAT -> to.putFloat(index << 2, (float) number);
      case DOUBLE -> to.putDouble(index << 3, (double) number);
      case INT64 -> to.putLong(index << 3, number);
      case INT32 -> {
        if (number != (int) number) {
          return false;
        }
        to.putInt(index << 2, (int) number);
      }
      case BOOL -> {
        if (number < 0 || number > 1) {
          return false;
        }
        to.put(index, (byte) number);
      }
    }
    return true;
  }

  /** Reads the number at an index. */
  double get(ByteBuffer from, int index) {
    return switch (this) {
      case FLOAT -> from.getFloat(index << 2);
      case DOUBLE -> from.getDouble(index << 3);
      case INT64 -> from.getLong(index << 3);
      case INT32 -> from.getInt(index << 2);
      case BOOL -> from.get(index) == 0 ? 0 : 1;
    };
  }
}
