package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

@Label("Scores that are counted in windows")
class WindowScoresPropertyTest {
  private static final Profile PROFILE =
      Profile.builder()
          .add("a", new double[] {1, 2, 3})
          .calibration(Calibration.of(new double[] {0.1, 0.2, 0.6, 0.9}, new double[] {0, 0, 1, 1}))
          .build();

  private static double[] scores(long seed, int rows, double power) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] scores = new double[rows];
    for (int i = 0; i < rows; i++) {
      scores[i] = Math.pow(random.nextDouble(), power);
    }
    return scores;
  }

  private static WindowCounts count(double[] scores, double threshold, int from, int step) {
    ProfileCounter counter = PROFILE.counter();
    for (int i = from; i < scores.length; i += step) {
      counter.count(0, 2);
      counter.countScore(scores[i], scores[i] >= threshold);
    }
    return counter.take();
  }

  @Property(tries = 100)
  @Label("estimate what the rows themselves do, within the stated error of the bins")
  void bounded(
      @ForAll long seed,
      @ForAll @IntRange(min = 20, max = 2_000) int rows,
      @ForAll @DoubleRange(min = 0.3, max = 4) double power,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double threshold) {
    double[] reference = scores(seed + 1, 2_000, 1);
    SplittableRandom truth = new SplittableRandom(seed + 2);
    boolean[] labels = new boolean[reference.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = truth.nextDouble() < reference[i];
    }
    CalibrationMap map = CalibrationMap.isotonic(reference, labels);
    double[] scores = scores(seed, rows, power);
    Cbpe exact = Cbpe.of(map, scores, threshold);
    Cbpe binned = Cbpe.of(map, count(scores, threshold, 0, 1));
    assertThat(binned.rows()).isEqualTo(rows);
    double error = binned.binningError() + 1e-9;
    double positive = Math.min(exact.value("positive_rate"), binned.value("positive_rate"));
    double most = Math.max(exact.value("positive_rate"), binned.value("positive_rate"));
    close("accuracy", binned, exact, error);
    close("positive_rate", binned, exact, error);
    close("decision_rate", binned, exact, 1e-12);
    close("precision", binned, exact, error / Math.max(1e-12, exact.value("decision_rate")));
    close("recall", binned, exact, 2 * error / positive);
    close("auc", binned, exact, (error + 2e-5) / Math.min(positive, 1 - most));
    close("calibration_error", binned, exact, error + 0.005);
  }

  private static void close(String metric, Cbpe binned, Cbpe exact, double error) {
    assertThat(binned.value(metric)).as(metric).isCloseTo(exact.value(metric), within(error));
  }

  @Property(tries = 50)
  @Label("are merged in any order to those of all rows, byte for byte, and read back")
  void merged(
      @ForAll long seed,
      @ForAll @IntRange(max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 5) int parts) {
    double[] scores = scores(seed, rows, 1);
    for (int i = 0; i < rows; i += 7) {
      scores[i] = i % 2 == 0 ? Double.NaN : 1.5; // failed, or no probability
    }
    WindowCounts whole = count(scores, 0.5, 0, 1);
    WindowCounts merged = count(scores, 0.5, parts - 1, parts);
    ProfileCounter adding = PROFILE.counter();
    adding.add(merged);
    for (int part = parts - 2; part >= 0; part--) {
      WindowCounts more = count(scores, 0.5, part, parts);
      merged = merged.merge(more);
      adding.add(more);
    }
    byte[] json = whole.toJson();
    assertThat(merged.toJson()).isEqualTo(json);
    assertThat(adding.take().toJson()).isEqualTo(json);
    WindowCounts read = WindowCounts.fromJson(json, PROFILE);
    assertThat(read).isEqualTo(whole);
    assertThat(read.toJson()).isEqualTo(json);
    read.scores()
        .ifPresent(known -> assertThat(known.rows() + known.unscored()).isEqualTo((long) rows));
  }

  @Example
  @Label("are left out where they are not those of all rows, and in files of before")
  void incomplete() {
    ProfileCounter counter = PROFILE.counter();
    counter.count(0, 1);
    WindowCounts before = counter.snapshot();
    assertThat(new String(before.toJson(), StandardCharsets.UTF_8)).doesNotContain("scores");
    assertThat(WindowCounts.fromJson(before.toJson(), PROFILE).scores()).isEmpty();
    WindowCounts after = count(new double[] {0.2, 0.8}, 0.5, 0, 1);
    WindowCounts both = before.merge(after);
    assertThat(both.scores()).isEmpty();
    assertThat(Cbpe.expected(PROFILE, both)).isEmpty();
    assertThatThrownBy(() -> Cbpe.of(CalibrationMap.identity(), both))
        .hasMessageContaining("the window has not the scores of all its 3 rows");
    assertThat(Cbpe.expected(PROFILE, after).orElseThrow().value("decision_rate")).isEqualTo(0.5);
    Profile plain = Profile.builder().add("a", new double[] {1}).build();
    assertThat(Cbpe.expected(plain, after)).isEmpty();
    String json = new String(after.toJson(), StandardCharsets.UTF_8);
    String few = json.replaceFirst("\"selected\":\\[0,", "\"selected\":[");
    assertThatThrownBy(() -> WindowCounts.fromJson(few.getBytes(StandardCharsets.UTF_8), PROFILE))
        .hasMessageContaining("scores.selected has 99 numbers, not 100");
  }

  @Example
  @Label("of a log that keeps every late row and a tenth of the rest: weighted, so not biased")
  void stratified() {
    double[] all = scores(5, 20_000, 2);
    List<PredictionRecord> kept = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      boolean rare = all[i] >= 0.5;
      if (rare || i % 10 == 0) {
        kept.add(PredictionRecord.of("r" + i, Instant.EPOCH, all[i]).sampleRate(rare ? 1 : 0.1));
      }
    }
    CalibrationMap map = CalibrationMap.identity();
    Cbpe exact = Cbpe.of(map, all, 0.5);
    Cbpe weighted = Cbpe.of(map, kept, 0.5);
    double[] logged = kept.stream().mapToDouble(PredictionRecord::score).toArray();
    Cbpe unweighted = Cbpe.of(map, logged, 0.5);
    for (String metric : List.of("auc", "precision", "recall", "accuracy", "positive_rate")) {
      close(metric, weighted, exact, 0.01);
    }
    assertThat(unweighted.value("positive_rate")).isGreaterThan(exact.value("positive_rate") + 0.1);
    assertThat(weighted.rows()).isEqualTo(kept.size());
    assertThat(Arrays.stream(logged).average().orElseThrow()).isGreaterThan(0.4);
  }
}
