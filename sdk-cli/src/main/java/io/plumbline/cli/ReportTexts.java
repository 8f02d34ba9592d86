package io.plumbline.cli;

import io.plumbline.drift.internal.page.State;
import io.plumbline.internal.Printable;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a report names things. */
final class ReportTexts {
  /** No text in a report is longer: one hostile name must not fill the page. */
  private static final int LONGEST = 160;

  private ReportTexts() {}

  static String cut(String text) {
    return text.length() <= LONGEST ? text : Printable.start(text, LONGEST) + "…";
  }

  /** Returns names that tell the runs apart: with the beginning of the id where two have one. */
  static List<String> names(List<Run> runs) {
    Map<String, Integer> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(run.name(), 1, Integer::sum));
    List<String> names = new ArrayList<>();
    for (Run run : runs) {
      String name = cut(run.name());
      boolean alone = counts.getOrDefault(run.name(), 1) == 1;
      names.add(alone ? name : name + " " + RunIds.shortened(run.id(), 8));
    }
    return names;
  }

  static State state(RunStatus status) {
    return switch (status) {
      case FINISHED -> State.GOOD;
      case FAILED, LOST -> State.BAD;
      case KILLED -> State.WARN;
      case RUNNING -> State.BUSY;
      case SCHEDULED, UNKNOWN -> State.NONE;
    };
  }

  static String status(Run run) {
    return run.status().name().toLowerCase(Locale.ROOT);
  }

  /** Returns the last value of a metric, or null. */
  static @Nullable Double last(Run run, String key) {
    MetricSummary summary = run.metrics().get(key);
    return summary == null ? null : summary.last();
  }
}
