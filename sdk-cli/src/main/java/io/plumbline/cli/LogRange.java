package io.plumbline.cli;

import io.plumbline.drift.log.LogFilter;
import io.plumbline.internal.Printable;
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
 * @param slice of this slice; null for all
 */
record LogRange(
    @Nullable String model,
    @Nullable String version,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    @Nullable String slice) {
  static final LogRange ALL = new LogRange(null, null, null, null);

  /** Rows of all slices. */
  LogRange(
      @Nullable String model,
      @Nullable String version,
      @Nullable LocalDate from,
      @Nullable LocalDate to) {
    this(model, version, from, to, null);
  }

  /** The same of another version. */
  LogRange withVersion(String other) {
    return new LogRange(model, other, from, to, slice);
  }

  /** The same of one slice. */
  LogRange withSlice(String one) {
    return new LogRange(model, version, from, to, one);
  }

  /** Whether it leaves nothing out. */
  boolean isAll() {
    return equals(ALL);
  }

  /** The same as a filter of files, which are of all slices. */
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
    if (slice != null) {
      words.add("in slice " + Printable.quote(slice));
    }
    return String.join(" ", words);
  }
}
