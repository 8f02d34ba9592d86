package io.plumbline.registry.internal;

import io.plumbline.model.AliasChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What an alias can be rolled back to: the versions that it has pointed to, without those that were
 * rolled back from.
 */
final class AliasStack {
  private AliasStack() {}

  /**
   * Returns the versions before the present one, the latest first.
   *
   * @param history the changes of the alias, the newest first
   */
  static List<Integer> before(List<AliasChange> history) {
    Deque<Integer> stack = new ArrayDeque<>();
    for (int i = history.size() - 1; i >= 0; i--) {
      apply(history.get(i), stack);
    }
    List<Integer> before = new ArrayList<>(stack);
    if (!history.isEmpty() && history.get(0).version() != null) {
      before.remove(0);
    }
    return before;
  }

  private static void apply(AliasChange change, Deque<Integer> stack) {
    Integer version = change.version();
    if (version == null) {
      return; // deleted: what it has pointed to stays
    }
    if (change.kind() == AliasChange.Kind.ROLLBACK && stack.contains(version)) {
      while (!version.equals(stack.peek())) {
        stack.pop();
      }
    } else if (!version.equals(stack.peek())) {
      stack.push(version);
    }
  }
}
