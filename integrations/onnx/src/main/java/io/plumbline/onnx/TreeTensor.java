package io.plumbline.onnx;

import static io.plumbline.onnx.ProtoReader.BYTES;
import static io.plumbline.onnx.ProtoReader.VARINT;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor among the attributes of trees, with its numbers: one dimension, and not external. */
final class TreeTensor {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int FLOAT16 = 10;
  private static final int DOUBLE = 11;

  private final int type;
  private final ByteBuffer numbers;

  private TreeTensor(int type, byte[] numbers) {
    this.type = type;
    this.numbers = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads the current field.
   *
   * @throws MalformedModelException if its length is not that of its numbers: ONNX Runtime makes
   *     room for what a length says
   */
  static TreeTensor read(ProtoReader proto, String attribute) throws IOException {
    long[] length = {1};
    int[] type = {0};
    byte[][] numbers = {{}};
    proto.message(
        () -> {
          switch (proto.number(BYTES)) {
            case 1 -> proto.varints(() -> length[0] *= proto.varint());
            case 4, 9, 10 -> numbers[0] = proto.bytes();
            case 5 -> numbers[0] = smallNumbers(proto);
            case 13 ->
                throw new MalformedModelException("its " + attribute + " lie outside the file");
            default -> {
              if (proto.is(1, VARINT)) {
                length[0] *= proto.varint();
              } else if (proto.is(2, VARINT)) {
                type[0] = (int) proto.varint();
              }
            }
          }
        });
    TreeTensor tensor = new TreeTensor(type[0], numbers[0]);
    int size = tensor.size();
    if (size == 0 || length[0] != tensor.numbers.capacity() / size) {
      throw new MalformedModelException(
          "its " + attribute + " are no list of as many numbers as it says");
    }
    return tensor;
  }

  /** Numbers of eight bits, which lie in the field of those of 32. */
  private static byte[] smallNumbers(ProtoReader proto) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    proto.varints(() -> bytes.write((int) proto.varint()));
    return bytes.toByteArray();
  }

  private int size() {
    return switch (type) {
      case UINT8 -> 1;
      case FLOAT16 -> 2;
      case FLOAT -> 4;
      case DOUBLE -> 8;
      default -> 0;
    };
  }

  int count() {
    return numbers.capacity() / size();
  }

  /** Whether a number is NaN, which separates sets. */
  boolean isNaN(int index) {
    return switch (type) {
      case FLOAT -> Float.isNaN(numbers.getFloat(index * 4));
      case DOUBLE -> Double.isNaN(numbers.getDouble(index * 8));
      default -> false;
    };
  }

  /** A number of eight bits; -1 if the numbers are others. */
  int small(int index) {
    return type == UINT8 ? numbers.get(index) & 0xff : -1;
  }
}
