package io.plumbline.drift.log;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which parts and columns of a log are read. Immutable; {@link #ALL} and the {@code with} methods
 * make others.
 *
 * @param model only this model; null for all
 * @param version only this version; null for all
 * @param from only days of event time from this one on (UTC); null for all
 * @param to only days up to this one; null for all
 * @param columns only these columns, those that a file has; empty for all
 * @param openParts whether parts are read that are still written to, as far as they were flushed
 * @param compression decompresses what is compressed with zstd; null for the one that the class
 *     path has (plumbline-zstd), if it has one
 */
public record LogFilter(
    @Nullable String model,
    @Nullable String version,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    List<String> columns,
    boolean openParts,
    @Nullable BufferCompression compression) {
  /** Everything that is complete. */
  public static final LogFilter ALL = new LogFilter(null, null, null, null, List.of(), false, null);

  /** Copies the columns. */
  public LogFilter {
    columns = List.copyOf(columns);
  }

  /** The same for one model only. */
  public LogFilter withModel(String name) {
    Objects.requireNonNull(name, "name");
    return new LogFilter(name, version, from, to, columns, openParts, compression);
  }

  /** The same for one version only. */
  public LogFilter withVersion(String name) {
    Objects.requireNonNull(name, "name");
    return new LogFilter(model, name, from, to, columns, openParts, compression);
  }

  /** The same for some days of event time only, both included (UTC). */
  public LogFilter between(LocalDate first, LocalDate last) {
    if (first.isAfter(last)) {
      throw new IllegalArgumentException(first + " is after " + last);
    }
    return new LogFilter(model, version, first, last, columns, openParts, compression);
  }

  /** The same with these columns only. */
  public LogFilter withColumns(List<String> names) {
    return new LogFilter(model, version, from, to, names, openParts, compression);
  }

  /** The same, and also parts that are still written to. */
  public LogFilter withOpenParts() {
    return new LogFilter(model, version, from, to, columns, true, compression);
  }

  /** The same for files that are compressed with zstd, too. */
  public LogFilter withCompression(BufferCompression zstd) {
    return new LogFilter(model, version, from, to, columns, openParts, zstd);
  }

  boolean wants(String column) {
    return columns.isEmpty() || columns.contains(column);
  }
}
