package io.plumbline.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Trees of the older operators, whose children go by their id in the tree. */
final class OlderTrees {
  private static final int LEAF = 1;
  private static final int BRANCH = 0;

  private final Trees trees;
  private final IntList treeIds;
  private final IntList nodeIds;

  /** Where each node's tree starts, if all nodes lie in the order of their ids; else empty. */
  private final int[] starts;

  private final Map<Long, Integer> placeById = new HashMap<>();

  private OlderTrees(Trees trees) throws MalformedModelException {
    this.trees = trees;
    this.treeIds = trees.ints("nodes_treeids");
    this.nodeIds = trees.ints("nodes_nodeids");
    this.starts = starts();
    if (starts.length < treeIds.size()) {
      for (int i = 0; i < treeIds.size(); i++) {
        placeById.putIfAbsent(key(treeIds.get(i), nodeIds.get(i)), i);
      }
    }
  }

  static void check(Trees trees) throws MalformedModelException {
    int nodes = trees.nodes();
    for (String list :
        Arrays.asList("nodes_treeids", "nodes_nodeids", "nodes_falsenodeids", "nodes_modes")) {
      trees.checkCount(list, nodes);
    }
    for (String kind : Arrays.asList("target", "class")) {
      long leaves = trees.count(kind + "_ids");
      trees.checkCount(
          trees.has(kind + "_weights_as_tensor") ? kind + "_weights_as_tensor" : kind + "_weights",
          leaves);
    }
    OlderTrees older = new OlderTrees(trees);
    TreeShape.check(older.children("nodes_truenodeids"), older.children("nodes_falsenodeids"));
  }

  /**
   * The number that stands for a mode.
   *
   * @throws MalformedModelException if there is no such mode
   */
  static int mode(String mode) throws MalformedModelException {
    return switch (mode) {
      case "LEAF" -> LEAF;
      case "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ" ->
          BRANCH;
      default -> throw new MalformedModelException("it has a tree with a node of another mode");
    };
  }

  /** Each node's child on one side, as its position in the lists. */
  private int[] children(String attribute) throws MalformedModelException {
    IntList ids = trees.ints(attribute);
    IntList modes = trees.ints("nodes_modes");
    int[] children = new int[ids.size()];
    for (int node = 0; node < children.length; node++) {
      int child = modes.get(node) == LEAF ? TreeShape.NONE : place(node, ids.get(node));
      if (child == TreeShape.NONE && modes.get(node) != LEAF) {
        throw new MalformedModelException(
            "its " + attribute + " name the node " + ids.get(node) + ", which is not there");
      }
      children[node] = child;
    }
    return children;
  }

  /** The position of a node in the tree of another one. */
  private int place(int of, int nodeId) {
    if (starts.length == 0) {
      return placeById.getOrDefault(key(treeIds.get(of), nodeId), TreeShape.NONE);
    }
    long place = (long) starts[of] + nodeId;
    return nodeId >= 0 && place < starts.length && starts[(int) place] == starts[of]
        ? (int) place
        : TreeShape.NONE;
  }

  private int[] starts() {
    int[] found = new int[treeIds.size()];
    for (int i = 0; i < found.length; i++) {
      boolean first = i == 0 || treeIds.get(i) != treeIds.get(i - 1);
      found[i] = first ? i : found[i - 1];
      if (nodeIds.get(i) != i - found[i]) {
        return new int[0];
      }
    }
    return found;
  }

  private static long key(int tree, int node) {
    return (long) tree << 32 | node & 0xffffffffL;
  }
}
