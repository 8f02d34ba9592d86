package io.plumbline.internal.copy;

import io.plumbline.internal.store.StoreProgress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what is copied, and tells how far it is. */
final class CopyCount {
  private final StoreProgress progress;
  private final Map<RunCopy.Outcome, Integer> runs = new EnumMap<>(RunCopy.Outcome.class);
  private final List<String> problems = new ArrayList<>();
  private int experiments;
  private long points;
  private int artifacts;
  private int models;
  private int versions;
  private int aliases;
  private int looked;

  CopyCount(StoreProgress progress) {
    this.progress = progress;
  }

  void experiment() {
    experiments++;
  }

  void run(RunCopy.Outcome outcome) {
    runs.merge(outcome, 1, Integer::sum);
    looked++;
    tell();
  }

  void points(long more) {
    points += more;
    tell();
  }

  void artifact() {
    artifacts++;
    tell();
  }

  void model() {
    models++;
    tell();
  }

  void version() {
    versions++;
    progress.at("versions copied:", versions, 0);
  }

  void alias() {
    aliases++;
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  /** Returns a number that grows with everything that is copied. */
  long changes() {
    return points + artifacts + models;
  }

  private void tell() {
    progress.at(
        "runs looked at, with " + points + " points and " + artifacts + " artifacts copied:",
        looked,
        0);
  }

  StoreCopy.Report report() {
    return new StoreCopy.Report(
        experiments,
        runs.getOrDefault(RunCopy.Outcome.NEW, 0),
        runs.getOrDefault(RunCopy.Outcome.CHANGED, 0),
        runs.getOrDefault(RunCopy.Outcome.SAME, 0),
        runs.getOrDefault(RunCopy.Outcome.OWN, 0),
        runs.getOrDefault(RunCopy.Outcome.DELETED_HERE, 0),
        points,
        artifacts,
        models,
        versions,
        aliases,
        List.copyOf(problems));
  }
}
