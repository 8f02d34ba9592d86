package io.plumbline.onnx;

import java.util.Arrays;

/**
 * Nodes with up to two children each: whether they are trees, and not too deep. ONNX Runtime 1.29.0
 * walks in circles for ever where a node is its own descendant, copies what hangs on two nodes, and
 * overflows the stack, which ends the process, where a tree is some 1,800 nodes deep and the thread
 * has 1 MiB.
 */
final class TreeShape {
  /** ONNX Runtime needs 600 bytes of stack a level; the caller has used some of it already. */
  static final int MAX_DEPTH = 500;

  static final int NONE = -1;

  private final int[] left;
  private final int[] right;
  private final int[] parent;

  private TreeShape(int[] left, int[] right) {
    this.left = left;
    this.right = right;
    this.parent = new int[left.length];
    Arrays.fill(parent, NONE);
  }

  /**
   * Checks nodes.
   *
   * @param left each node's one child, or {@link #NONE}
   * @param right each node's other child, or {@link #NONE}
   * @throws MalformedModelException that says what they are instead
   */
  static TreeShape check(int[] left, int[] right) throws MalformedModelException {
    TreeShape shape = new TreeShape(left, right);
    for (int node = 0; node < left.length; node++) {
      shape.adopt(node, left[node]);
      shape.adopt(node, right[node]);
    }
    shape.checkDepth();
    return shape;
  }

  /** Whether a node is no other's child. */
  boolean isRoot(int node) {
    return parent[node] == NONE;
  }

  private void adopt(int node, int child) throws MalformedModelException {
    if (child == NONE) {
      return;
    }
    if (parent[child] != NONE) {
      throw new MalformedModelException("it has a tree in which two branches lead to one node");
    }
    parent[child] = node;
  }

  /** Goes down from the roots; who is his own descendant is never reached. */
  private void checkDepth() throws MalformedModelException {
    int[] queue = new int[left.length];
    int end = 0;
    for (int node = 0; node < left.length; node++) {
      if (parent[node] == NONE) {
        queue[end++] = node;
      }
    }
    int depth = 0;
    for (int next = 0; next < end; depth++) {
      if (depth > MAX_DEPTH) {
        throw new MalformedModelException(
            "it has a tree that is more than "
                + MAX_DEPTH
                + " nodes deep, with which ONNX Runtime would overflow the stack. Train with a"
                + " bound, such as max_depth");
      }
      for (int last = end; next < last; next++) {
        int node = queue[next];
        if (left[node] != NONE) {
          queue[end++] = left[node];
        }
        if (right[node] != NONE) {
          queue[end++] = right[node];
        }
      }
    }
    if (end < left.length) {
      throw new MalformedModelException("it has a tree with a node that is its own descendant");
    }
  }
}
