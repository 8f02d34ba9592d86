package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows with the reference, window after window with the one before, or with the rows that
 * another version has made at the same time.
 */
final class DriftComparison {
  private final Profile profile;
  private final Path path;
  private final DriftChoice choice;
  private final AlarmPolicy policy;
  private final Function<String, @Nullable Profile> profileOf;
  private final List<String> passedOver = new ArrayList<>();

  /**
   * @param profile the reference, into whose bins rows are counted
   * @param path where the rows are
   * @param profileOf the profile that another version has come with; null if it is not known
   */
  DriftComparison(
      Profile profile,
      Path path,
      DriftChoice choice,
      AlarmPolicy policy,
      Function<String, @Nullable Profile> profileOf) {
    this.profile = profile;
    this.path = path;
    this.choice = choice;
    this.policy = policy;
    this.profileOf = profileOf;
  }

  /** Compares the rows that are meant; each of their slices if that is asked for. */
  List<DriftSeries> compare(LogRange range) throws IOException {
    if (!choice.eachSlice()) {
      String slice = choice.slice();
      return List.of(one(slice == null ? range : range.withSlice(slice)));
    }
    List<DriftSeries> all = new ArrayList<>();
    for (String slice : DriftRows.slices(path, range, profile)) {
      try {
        all.add(one(range.withSlice(slice)));
      } catch (NotFoundException e) {
        passedOver.add("slice " + Printable.quote(slice) + ": " + e.getMessage());
      }
    }
    if (all.isEmpty()) {
      throw new NotFoundException(
          passedOver.isEmpty()
              ? ("there are no rows in slices " + range).trim()
                  + " in "
                  + Printable.quote(path.toString())
                  + "; a slice is what requests say in _slice"
              : String.join("; ", passedOver));
    }
    return all;
  }

  /** The slices that could not be compared, each with the reason. */
  List<String> passedOver() {
    return passedOver;
  }

  private DriftSeries one(LogRange range) throws IOException {
    DriftRows rows = DriftRows.of(path, range, profile);
    List<String> problems = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<DriftReport> reports = new ArrayList<>();
    CalendarWindow window = choice.window();
    String version = choice.againstVersion();
    if (version != null) {
      DriftRows other =
          DriftRows.of(path, range.withVersion(version), profile, profileOf.apply(version));
      if (other.counted() != null) {
        problems.addAll(other.counted().problems());
      }
      againstVersion(rows, other, names, reports);
    } else if (window == null) {
      reports.add(Drift.compare(profile, rows.whole(), policy));
    } else if (choice.againstPrevious()) {
      againstPrevious(rows, window, names, reports);
    } else {
      DriftMonitor monitor = new DriftMonitor(profile, policy);
      rows.windows(window)
          .forEach(
              (begin, counts) -> {
                names.add(window.label(begin));
                reports.add(monitor.add(counts));
              });
    }
    if (rows.counted() != null) {
      problems.addAll(0, rows.counted().problems());
    }
    return new DriftSeries(range.slice(), names, reports, rows.counted(), problems);
  }

  /** A window with too few rows is merged into the next one, as a monitor has it. */
  private void againstPrevious(
      DriftRows rows, CalendarWindow length, List<String> names, List<DriftReport> reports)
      throws IOException {
    WindowCounts before = null;
    String name = "";
    WindowCounts waiting = null;
    for (Map.Entry<Instant, WindowCounts> window : rows.windows(length).entrySet()) {
      WindowCounts whole = waiting == null ? window.getValue() : waiting.merge(window.getValue());
      String label = length.label(window.getKey());
      if (before != null) {
        names.add(label);
        reports.add(Drift.compare(name, before, whole, policy));
      }
      boolean enough = whole.rows() >= policy.leastRows();
      waiting = enough ? null : whole;
      if (enough) {
        before = whole;
        name = label;
      }
    }
    if (reports.isEmpty()) {
      throw new NotFoundException(
          ("no window of the rows " + rows.range()).trim()
              + " has one before it; choose shorter ones with --window, or more days with --from");
    }
  }

  private void againstVersion(
      DriftRows rows, DriftRows other, List<String> names, List<DriftReport> reports)
      throws IOException {
    CalendarWindow length = choice.window();
    String name = "version " + choice.againstVersion();
    if (length == null) {
      reports.add(Drift.compare(name, other.whole(), rows.whole(), policy));
      return;
    }
    SortedMap<Instant, WindowCounts> others = new TreeMap<>(other.windows(length));
    rows.windows(length)
        .forEach(
            (begin, counts) -> {
              WindowCounts same = others.get(begin);
              if (same != null) {
                names.add(length.label(begin));
                reports.add(Drift.compare(name, same, counts, policy));
              }
            });
    if (reports.isEmpty()) {
      throw new NotFoundException(
          name
              + " has made no rows in the windows of those "
              + rows.range()
              + "; leave out --window");
    }
  }
}
