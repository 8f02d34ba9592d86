package io.plumbline.cli;

import io.plumbline.drift.log.LogFilter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a log are meant.
 *
 * @param model of this model; null for all
 * @param version of this version; null for all
 * @param from of this day of event time (UTC) and later ones; null for all
 * @param to up to this day; null for all
 */
record LogRange(
    @Nullable String model,
    @Nullable String version,
    @Nullable LocalDate from,
    @Nullable LocalDate to) {
  static final LogRange ALL = new LogRange(null, null, null, null);

  /** Whether it leaves nothing out. */
  boolean isAll() {
    return equals(ALL);
  }

  /** The same as a filter of files. */
  LogFilter filter() {
    LogFilter filter = LogFilter.ALL;
    filter = model == null ? filter : filter.withModel(model);
    filter = version == null ? filter : filter.withVersion(version);
    return from == null && to == null
        ? filter
        : filter.between(from == null ? LocalDate.MIN : from, to == null ? LocalDate.MAX : to);
  }

  /** In words, as the end of a sentence; empty if it leaves nothing out. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (model != null) {
      words.add("of " + model + (version == null ? "" : "/" + version));
    } else if (version != null) {
      words.add("of version " + version);
    }
    if (from != null) {
      words.add("from " + from);
    }
    if (to != null) {
      words.add("to " + to);
    }
    return String.join(" ", words);
  }
}
