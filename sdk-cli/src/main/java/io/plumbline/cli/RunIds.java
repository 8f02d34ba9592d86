package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.journal.RunFolders;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the run that a person means: by id, by the beginning of an id, or by name. */
final class RunIds {
  /** The shortest beginning of an id that is taken for one. */
  static final int SHORTEST = 4;

  private static final int LISTED = 8;

  private RunIds() {}

  /**
   * Returns the run.
   *
   * @throws NotFoundException if no run fits
   * @throws IllegalArgumentException if several do; the message lists them
   */
  static Run find(StoreView view, String text) {
    Optional<Run> exact = text.isEmpty() ? Optional.empty() : view.runs().find(text);
    if (exact.isPresent()) {
      return exact.get();
    }
    List<Run> all = view.runs().all();
    List<Run> fitting = new ArrayList<>();
    if (text.length() >= SHORTEST) {
      all.stream().filter(run -> run.id().startsWith(text)).forEach(fitting::add);
    }
    if (fitting.isEmpty()) {
      all.stream().filter(run -> run.name().equals(text)).forEach(fitting::add);
    }
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    if (fitting.isEmpty()) {
      throw new NotFoundException(
          "there is no run with the id, the beginning of an id ("
              + SHORTEST
              + " characters or more) or the name "
              + Printable.quote(text)
              + " in "
              + view.root()
              + "; `plumbline runs` lists them");
    }
    throw new IllegalArgumentException(ambiguous(text, fitting));
  }

  private static String ambiguous(String text, List<Run> fitting) {
    fitting.sort(Comparator.comparing(Run::startTime).reversed());
    StringBuilder message = new StringBuilder(Printable.quote(text));
    message.append(" could be any of ").append(fitting.size()).append(" runs: ");
    for (int i = 0; i < Math.min(LISTED, fitting.size()); i++) {
      Run run = fitting.get(i);
      message.append(i == 0 ? "" : ", ").append(run.id()).append(' ');
      message.append(Printable.quote(run.name()));
    }
    return message
        .append(fitting.size() > LISTED ? ", ..." : "")
        .append("; give more of it")
        .toString();
  }

  /** Returns how many characters of the ids tell these runs apart; 8 at least. */
  static int shortLength(List<Run> runs) {
    int length = 8;
    while (length < 32) {
      Set<String> seen = new HashSet<>();
      int cut = length;
      if (runs.stream().allMatch(run -> seen.add(shortened(run.id(), cut)))) {
        return length;
      }
      length++;
    }
    return Integer.MAX_VALUE;
  }

  /** Returns the beginning of an id that Plumbline has made, and another id in full. */
  static String shortened(String id, int length) {
    return RunFolders.isOurs(id) && length < id.length() ? id.substring(0, length) : id;
  }
}
