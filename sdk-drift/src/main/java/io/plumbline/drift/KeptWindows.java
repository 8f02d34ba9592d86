package io.plumbline.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WindowStore} has found of a version: the counts of all accepted rows, whoever served
 * them. Immutable, and the same whatever the order in which the files were found.
 */
public final class KeptWindows {
  /** One file. */
  record Kept(String slice, String writer, WindowCounts counts) {
    Instant from() {
      return counts.from().orElseThrow();
    }
  }

  /** Moments differ in their last digits by the order of merging: so there is one order. */
  private static final Comparator<Kept> ORDER =
      Comparator.comparing(Kept::slice).thenComparing(Kept::from).thenComparing(Kept::writer);

  private final List<Kept> kept;
  private final List<String> problems;
  private final int ofOtherBins;

  private KeptWindows(List<Kept> kept, List<String> problems, int ofOtherBins) {
    this.kept = kept;
    this.problems = problems;
    this.ofOtherBins = ofOtherBins;
  }

  /** Whether there is no window at all. */
  public boolean isEmpty() {
    return kept.isEmpty();
  }

  /** The slices that there are windows of; {@link Windows#ALL} for all rows. */
  public List<String> slices() {
    return kept.stream().map(Kept::slice).distinct().toList();
  }

  /**
   * The rows in windows of that length, in order of time; times without rows have none.
   *
   * @param slice of which rows
   * @param length a whole number of minutes. Windows that were kept in longer pieces than that
   *     belong where they begin
   */
  public List<WindowCounts> tumbling(String slice, Duration length) {
    if (length.compareTo(Duration.ofMinutes(1)) < 0 || length.toSeconds() % 60 != 0) {
      throw new IllegalArgumentException("a window lasts whole minutes, not " + length);
    }
    Map<Instant, WindowCounts> windows = new TreeMap<>();
    for (Kept one : of(slice)) {
      Instant begin = Windows.floor(one.from(), length);
      Instant end = begin.plus(length);
      windows.merge(begin, one.counts().between(begin, end), WindowCounts::merge);
    }
    return List.copyOf(windows.values());
  }

  /**
   * How long the longest of the pieces is in which a slice's rows were counted; zero without rows.
   * Windows that are shorter can't be told apart.
   */
  public Duration longest(String slice) {
    return of(slice).stream()
        .map(one -> Duration.between(one.from(), one.counts().to().orElseThrow()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** All rows of a slice in one, from the first window's begin to the last one's end. */
  public Optional<WindowCounts> whole(String slice) {
    return of(slice).stream().map(Kept::counts).reduce(WindowCounts::merge);
  }

  private List<Kept> of(String slice) {
    return kept.stream().filter(one -> one.slice().equals(slice)).toList();
  }

  /** What is wrong with files that were passed over, each with its path. */
  public List<String> problems() {
    return problems;
  }

  /** How many files were counted into the bins of another profile, and are not in here. */
  public int ofOtherBins() {
    return ofOtherBins;
  }

  /** The number of files and of slices. */
  @Override
  public String toString() {
    return kept.stream()
        .collect(Collectors.groupingBy(Kept::slice, TreeMap::new, Collectors.counting()))
        .toString();
  }

  /** Collects files. */
  static final class Builder {
    private final List<Kept> kept = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int ofOtherBins;

    void add(Kept one) {
      kept.add(one);
    }

    void problem(@Nullable String what) {
      problems.add(String.valueOf(what));
    }

    void ofOtherBins() {
      ofOtherBins++;
    }

    KeptWindows build() {
      return new KeptWindows(
          kept.stream().sorted(ORDER).toList(), problems.stream().sorted().toList(), ofOtherBins);
    }
  }
}
