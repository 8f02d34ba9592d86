package io.plumbline.onnx;

import static io.plumbline.onnx.ProtoReader.BYTES;
import static io.plumbline.onnx.ProtoReader.FIXED_32;
import static io.plumbline.onnx.ProtoReader.VARINT;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of an ensemble of trees, in {@code TreeEnsembleClassifier} and {@code
 * TreeEnsembleRegressor} or in the newer {@code TreeEnsemble}. ONNX Runtime 1.29.0 takes much of
 * them on trust, so they are checked before it sees them.
 */
final class Trees {
  private static final Set<String> INTS =
      Set.of(
          "nodes_treeids",
          "nodes_nodeids",
          "nodes_truenodeids",
          "nodes_falsenodeids",
          "nodes_trueleafs",
          "nodes_falseleafs",
          "nodes_featureids",
          "nodes_missing_value_tracks_true",
          "tree_roots",
          "leaf_targetids",
          "target_ids",
          "class_ids");

  private static final Set<String> TENSORS =
      Set.of(
          "nodes_modes",
          "nodes_splits",
          "nodes_hitrates",
          "nodes_values_as_tensor",
          "nodes_hitrates_as_tensor",
          "leaf_weights",
          "membership_values",
          "target_weights_as_tensor",
          "class_weights_as_tensor",
          "base_values_as_tensor");

  private static final Set<String> FLOATS = Set.of("target_weights", "class_weights");

  private final Set<String> seen = new HashSet<>();
  private final Map<String, IntList> ints = new HashMap<>();
  private final Map<String, TreeTensor> tensors = new HashMap<>();
  private final Map<String, Long> floats = new HashMap<>();

  /**
   * Says that the fields of an attribute come.
   *
   * @throws MalformedModelException if it is one of trees that was there before: readers differ in
   *     which of them they take
   */
  void start(String attribute) throws MalformedModelException {
    boolean ours =
        INTS.contains(attribute) || TENSORS.contains(attribute) || FLOATS.contains(attribute);
    if (ours && !seen.add(attribute)) {
      throw new MalformedModelException("it has trees with " + attribute + " twice");
    }
  }

  /**
   * Takes the current field, if it is a value of an attribute of trees.
   *
   * @return whether it is
   */
  boolean take(String attribute, ProtoReader proto) throws IOException {
    if (proto.is(5, BYTES) && TENSORS.contains(attribute)) {
      tensors.put(attribute, TreeTensor.read(proto, attribute));
    } else if (proto.is(8, BYTES) && INTS.contains(attribute)) {
      proto.varints(() -> add(attribute, proto.varint()));
    } else if (proto.is(8, VARINT) && INTS.contains(attribute)) {
      add(attribute, proto.varint());
    } else if (proto.is(9, BYTES) && attribute.equals("nodes_modes")) {
      add(attribute, OlderTrees.mode(proto.text()));
    } else if (proto.is(7, BYTES) && FLOATS.contains(attribute)) {
      floats.merge(attribute, proto.length() / Float.BYTES, Long::sum);
    } else if (proto.is(7, FIXED_32) && FLOATS.contains(attribute)) {
      floats.merge(attribute, 1L, Long::sum);
    } else {
      return false;
    }
    return true;
  }

  private void add(String attribute, long value) throws MalformedModelException {
    if (value != (int) value) {
      throw new MalformedModelException("its " + attribute + " have the number " + value);
    }
    ints.computeIfAbsent(attribute, name -> new IntList()).add((int) value);
  }

  /** How many nodes there are. */
  int nodes() {
    IntList list = ints.get("nodes_truenodeids");
    return list == null ? 0 : list.size();
  }

  /**
   * Checks the attributes of a node, if it has any of trees.
   *
   * @throws MalformedModelException that says what is wrong
   */
  void check() throws MalformedModelException {
    if (ints.containsKey("nodes_treeids")) {
      OlderTrees.check(this);
    } else if (!ints.isEmpty() || !tensors.isEmpty()) {
      NewerTrees.check(this);
    }
  }

  boolean has(String attribute) {
    return ints.containsKey(attribute) || tensors.containsKey(attribute);
  }

  /** The numbers of an attribute that must be there. */
  IntList ints(String attribute) throws MalformedModelException {
    IntList list = ints.get(attribute);
    if (list == null) {
      throw new MalformedModelException("it has trees without " + attribute);
    }
    return list;
  }

  /** The tensor of an attribute that must be there. */
  TreeTensor tensor(String attribute) throws MalformedModelException {
    TreeTensor tensor = tensors.get(attribute);
    if (tensor == null) {
      throw new MalformedModelException("it has trees without " + attribute);
    }
    return tensor;
  }

  /** How many numbers an attribute has, in whatever form; 0 if it is not there. */
  long count(String attribute) {
    IntList list = ints.get(attribute);
    TreeTensor tensor = tensors.get(attribute);
    return floats.getOrDefault(attribute, 0L)
        + (list == null ? 0 : list.size())
        + (tensor == null ? 0 : tensor.count());
  }

  /** Checks that an attribute has so many numbers. */
  void checkCount(String attribute, long expected) throws MalformedModelException {
    if (count(attribute) != expected) {
      throw new MalformedModelException(
          "its trees need " + expected + " " + attribute + ", but have " + count(attribute));
    }
  }
}
