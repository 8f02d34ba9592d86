package io.plumbline.onnx;

import static io.plumbline.onnx.ProtoReader.BYTES;
import static io.plumbline.onnx.ProtoReader.VARINT;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ModelFile}: the fields of {@code onnx.proto} that matter here, by their numbers.
 * It goes wherever a tensor can be, into nodes, branches and functions, because each of them may
 * name a file.
 */
final class ModelFileReader {
  static final String DEFAULT_DOMAIN = "ai.onnx";

  private final ProtoReader proto;
  private final SortedSet<String> externalData = new TreeSet<>();
  private final Map<String, Long> opsets = new TreeMap<>();
  private final List<GraphValue> inputs = new ArrayList<>();
  private final List<GraphValue> outputs = new ArrayList<>();
  private final Set<String> initializers = new HashSet<>();
  private long treeNodes;
  private long irVersion;
  private String producerName = "";
  private String producerVersion = "";

  private ModelFileReader(ProtoReader proto) {
    this.proto = proto;
  }

  /**
   * Reads a file.
   *
   * @throws MalformedModelException if it is no ONNX model
   */
  static ModelFile read(Path file) throws IOException {
    // This one can jump over the weights.
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return read(in, in.getChannel().size());
    }
  }

  /** Reads a file's content. */
  static ModelFile read(InputStream in, long size) throws IOException {
    return new ModelFileReader(new ProtoReader(in, size)).model();
  }

  private ModelFile model() throws IOException {
    boolean graph = false;
    while (proto.next()) {
      switch (proto.number(BYTES)) {
        case 2 -> producerName = proto.text();
        case 3 -> producerVersion = proto.text();
        case 7 -> {
          graph = true;
          proto.message(() -> graph(true));
        }
        case 8 -> opset();
        case 20 -> proto.message(this::training);
        case 25 -> proto.message(this::function);
        default -> {
          if (proto.is(1, VARINT)) {
            irVersion = proto.varint();
          }
        }
      }
    }
    if (!graph) {
      throw new MalformedModelException("it has no graph");
    }
    inputs.removeIf(input -> initializers.contains(input.name()));
    return new ModelFile(
        irVersion,
        Map.copyOf(opsets),
        producerName,
        producerVersion,
        List.copyOf(inputs),
        List.copyOf(outputs),
        externalData,
        treeNodes);
  }

  private void opset() throws IOException {
    String[] domain = {""};
    long[] version = {0};
    proto.message(
        () -> {
          if (proto.is(1, BYTES)) {
            domain[0] = proto.text();
          } else if (proto.is(2, VARINT)) {
            version[0] = proto.varint();
          }
        });
    opsets.merge(domain[0].isEmpty() ? DEFAULT_DOMAIN : domain[0], version[0], Math::max);
  }

  private void graph(boolean outermost) throws IOException {
    switch (proto.number(BYTES)) {
      case 1 -> node();
      case 5 -> tensor(outermost);
      case 11 -> value(outermost ? inputs : null);
      case 12 -> value(outermost ? outputs : null);
      case 15 -> sparseTensor(outermost);
      default -> {}
    }
  }

  private void node() throws IOException {
    Trees trees = new Trees();
    proto.message(
        () -> {
          if (proto.is(5, BYTES)) {
            attribute(trees);
          }
        });
    trees.check();
    treeNodes += trees.nodes();
  }

  private void attribute(Trees trees) throws IOException {
    String[] name = {""};
    boolean[] valueRead = {false};
    proto.message(
        () -> {
          if (!proto.is(1, BYTES)) {
            valueRead[0] = true;
            attributeValue(name[0], trees);
          } else if (valueRead[0]) {
            // Nobody writes it so, and the value would have been read without knowing whose it is.
            throw new MalformedModelException("it has an attribute with its name behind its value");
          } else {
            name[0] = proto.text();
            trees.start(name[0]);
          }
        });
  }

  private void attributeValue(String attribute, Trees trees) throws IOException {
    if (trees.take(attribute, proto)) {
      return;
    }
    switch (proto.number(BYTES)) {
      case 5, 10 -> tensor(false);
      case 6, 11 -> proto.message(() -> graph(false));
      case 22, 23 -> sparseTensor(false);
      default -> {}
    }
  }

  private void function() throws IOException {
    switch (proto.number(BYTES)) {
      case 7 -> node();
      case 9 -> opset();
      case 11 -> attribute(new Trees());
      default -> {}
    }
  }

  private void training() throws IOException {
    if (proto.is(1, BYTES) || proto.is(2, BYTES)) {
      proto.message(() -> graph(false));
    }
  }

  private void sparseTensor(boolean outermost) throws IOException {
    proto.message(
        () -> {
          if (proto.is(1, BYTES) || proto.is(2, BYTES)) {
            tensor(outermost);
          }
        });
  }

  private void tensor(boolean outermost) throws IOException {
    proto.message(
        () -> {
          if (proto.is(8, BYTES) && outermost) {
            initializers.add(proto.text());
          } else if (proto.is(13, BYTES)) {
            externalData();
          }
        });
  }

  /** Takes each location, also of a tensor that does not call itself external: readers differ. */
  private void externalData() throws IOException {
    String[] entry = {"", ""};
    proto.message(
        () -> {
          int number = proto.number(BYTES);
          if (number == 1 || number == 2) {
            entry[number - 1] = proto.text();
          }
        });
    if (entry[0].equals("location")) {
      externalData.add(entry[1]);
    }
  }

  private void value(@Nullable List<GraphValue> into) throws IOException {
    if (into == null) {
      return;
    }
    String[] name = {""};
    ValueType type = new ValueType();
    proto.message(
        () -> {
          if (proto.is(1, BYTES)) {
            name[0] = proto.text();
          } else if (proto.is(2, BYTES)) {
            proto.message(type::read);
          }
        });
    into.add(new GraphValue(name[0], type.elementType, type.shape));
  }

  /** What a type says, if it is that of a tensor. */
  private final class ValueType {
    private int elementType;
    private @Nullable List<Long> shape;

    void read() throws IOException {
      if (proto.is(1, BYTES)) {
        proto.message(
            () -> {
              if (proto.is(1, VARINT)) {
                elementType = (int) proto.varint();
              } else if (proto.is(2, BYTES)) {
                List<Long> lengths = new ArrayList<>();
                proto.message(() -> dimension(lengths));
                shape = lengths;
              }
            });
      }
    }

    private void dimension(List<Long> lengths) throws IOException {
      if (proto.is(1, BYTES)) {
        long[] length = {-1};
        proto.message(
            () -> {
              if (proto.is(1, VARINT)) {
                length[0] = Math.max(-1, proto.varint());
              }
            });
        lengths.add(length[0]);
      }
    }
  }
}
