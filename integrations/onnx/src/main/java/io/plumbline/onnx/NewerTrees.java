package io.plumbline.onnx;

import java.util.List;

/** Trees of the newer operator, whose children go by their position among the nodes or leaves. */
final class NewerTrees {
  private static final int MEMBER = 6;

  private final Trees trees;
  private final int nodes;
  private final int leaves;

  private NewerTrees(Trees trees) throws MalformedModelException {
    this.trees = trees;
    this.nodes = trees.nodes();
    this.leaves = trees.ints("leaf_targetids").size();
  }

  static void check(Trees trees) throws MalformedModelException {
    NewerTrees newer = new NewerTrees(trees);
    newer.checkCounts();
    newer.checkModes();
    TreeShape shape =
        TreeShape.check(
            newer.children("nodes_truenodeids", "nodes_trueleafs"),
            newer.children("nodes_falsenodeids", "nodes_falseleafs"));
    newer.checkRoots(shape);
  }

  private void checkCounts() throws MalformedModelException {
    for (String list :
        List.of(
            "nodes_falsenodeids",
            "nodes_trueleafs",
            "nodes_falseleafs",
            "nodes_featureids",
            "nodes_modes",
            "nodes_splits")) {
      trees.checkCount(list, nodes);
    }
    for (String optional : List.of("nodes_hitrates", "nodes_missing_value_tracks_true")) {
      if (trees.has(optional)) {
        trees.checkCount(optional, nodes);
      }
    }
    trees.checkCount("leaf_weights", leaves);
  }

  /** Checks that each node that asks for a set has one that is not empty. */
  private void checkModes() throws MalformedModelException {
    TreeTensor modes = trees.tensor("nodes_modes");
    int next = 0;
    for (int node = 0; node < nodes; node++) {
      int mode = modes.small(node);
      if (mode < 0 || mode > MEMBER) {
        throw new MalformedModelException("it has a tree with a node of mode " + mode);
      }
      if (mode == MEMBER) {
        int start = next;
        TreeTensor members = trees.tensor("membership_values");
        while (next < members.count() && !members.isNaN(next)) {
          next++;
        }
        if (next == start) {
          throw new MalformedModelException("it has a tree with a node whose set is empty");
        }
        next++;
      }
    }
  }

  /** Each node's child on one side; leaves are no children, but must be there. */
  private int[] children(String ids, String leafFlags) throws MalformedModelException {
    IntList idList = trees.ints(ids);
    IntList isLeaf = trees.ints(leafFlags);
    int[] children = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      boolean leaf = isLeaf.get(node) != 0;
      int id = idList.get(node);
      if (id < 0 || id >= (leaf ? leaves : nodes)) {
        throw new MalformedModelException(
            "its " + ids + " name the " + (leaf ? "leaf " : "node ") + id + ", which is not there");
      }
      children[node] = leaf ? TreeShape.NONE : id;
    }
    return children;
  }

  private void checkRoots(TreeShape shape) throws MalformedModelException {
    IntList roots = trees.ints("tree_roots");
    boolean[] seen = new boolean[nodes];
    for (int i = 0; i < roots.size(); i++) {
      int root = roots.get(i);
      if (root < 0 || root >= nodes || seen[root] || !shape.isRoot(root)) {
        throw new MalformedModelException("its tree_roots name " + root + ", which is no root");
      }
      seen[root] = true;
    }
  }
}
