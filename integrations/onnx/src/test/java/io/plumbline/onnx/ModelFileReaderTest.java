package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The reader of ONNX files")
class ModelFileReaderTest {
  @Test
  @DisplayName("reads what a file says about itself")
  void reads() throws IOException {
    ModelFile file = ModelFileReader.read(Models.file("types"));

    assertThat(file.irVersion()).isEqualTo(9);
    assertThat(file.opsets()).isEqualTo(Map.of("ai.onnx", 17L));
    assertThat(file.producerName()).isEqualTo("make_onnx");
    assertThat(file.producerVersion()).isEqualTo("1");
    assertThat(file.inputs())
        .contains(new GraphValue("floats", 1, List.of(-1L, 2L, 2L)))
        .extracting(GraphValue::name)
        .containsExactly("doubles", "longs", "ints", "flags", "floats");
    assertThat(file.outputs()).hasSize(6).contains(new GraphValue("not", 9, List.of(-1L, 1L)));
    assertThat(file.externalData()).isEmpty();
    assertThat(file.treeNodes()).isZero();
  }

  @Test
  @DisplayName("finds the files of tensors and the nodes of trees, and jumps over numbers")
  void finds() throws IOException {
    assertThat(ModelFileReader.read(Models.file("mlp")).externalData())
        .containsExactly("model.data", "weights/w1.bin");
    assertThat(ModelFileReader.read(Models.file("escaping_branch")).externalData())
        .containsExactly("../secret");
    assertThat(ModelFileReader.read(Models.file("boosting")).treeNodes()).isEqualTo(333);
    assertThat(ModelFileReader.read(Models.file("tree_ensemble")).treeNodes()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "boosting", "columns", "mlp", "tree_ensemble"})
  @DisplayName("says of every file that is cut off, at any place, that it is no model")
  void cutOff(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Models.file(name));
    int graphEnd = whole.length - 40;
    for (int length = 0; length < graphEnd; length += 1 + length / 500) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(MalformedModelException.class)
          .as("%s bytes", length)
          .isThrownBy(() -> read(part));
    }
  }

  @Test
  @DisplayName("reads any bytes without another exception than that they are no model")
  void noise() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 2) {
        bytes[0] = 0x3a;
        bytes[1] = (byte) (bytes.length - 2);
      }
      try {
        read(bytes);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(MalformedModelException.class);
      }
    }
  }

  @Test
  @DisplayName("refuses messages that are nested deeper than protobuf itself would read")
  void nested() {
    byte[] message = {};
    for (int i = 0; i < 60; i++) {
      // A graph in an attribute of a node of a graph.
      message = field(1, field(5, field(6, message)));
    }
    byte[] model = field(7, message);
    assertThatExceptionOfType(MalformedModelException.class)
        .isThrownBy(() -> read(model))
        .withMessageContaining("nested deeper than 100");
  }

  @Test
  @DisplayName("makes no room for lengths that a file only claims")
  void claimedLengths() {
    byte[] claims = {0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertThatExceptionOfType(MalformedModelException.class)
        .isThrownBy(() -> read(claims))
        .withMessage("at byte 6 it says that 2147483647 bytes follow");
    byte[] negative = {
      0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01,
    };
    assertThatExceptionOfType(MalformedModelException.class).isThrownBy(() -> read(negative));
    byte[] endless = {0x08, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01};
    assertThatExceptionOfType(MalformedModelException.class)
        .isThrownBy(() -> read(endless))
        .withMessageContaining("more than ten bytes");
    byte[] group = {0x3b, 0x3c};
    assertThatExceptionOfType(MalformedModelException.class)
        .isThrownBy(() -> read(group))
        .withMessageContaining("wire type 3");
  }

  private static byte[] field(int number, byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    int length = message.length;
    while (length > 0x7f) {
      out.write(length & 0x7f | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(message);
    return out.toByteArray();
  }

  private static ModelFile read(byte[] bytes) throws IOException {
    return ModelFileReader.read(new ByteArrayInputStream(bytes), bytes.length);
  }
}
