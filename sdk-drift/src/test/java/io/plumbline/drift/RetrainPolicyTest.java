package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A retrain policy")
class RetrainPolicyTest {
  private static final Instant TRAINED = Instant.parse("2013-04-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2013-07-01T12:00:00Z");
  private static final RetrainEvidence NOTHING = RetrainEvidence.of("models:/m/3", TRAINED);
  private static final Profile REFERENCE =
      Profile.builder().add("x", numbers(1, 5_000, 0)).add("y", numbers(2, 5_000, 0)).build();
  private static final PerformanceAlarm.Finding FELL =
      new PerformanceAlarm.Finding(
          PerformanceAlarm.State.ALARM, 0.71, 900, "precision is 0.71, below 0.9");

  @Test
  @DisplayName("keeps a model that nothing speaks against")
  void keep() {
    RetrainDecision decision = RetrainPolicy.standard().decide(NOTHING.drift(drift(0, 0)), NOW);
    assertThat(decision.verdict()).isEqualTo(RetrainDecision.Verdict.KEEP);
    assertThat(decision.exitCode()).isZero();
    assertThat(decision.reasons()).isEmpty();
    assertThat(decision.notes()).isEmpty();
  }

  @Test
  @DisplayName("retrains a model that is too old, and not a day earlier")
  void schedule() {
    RetrainPolicy policy = RetrainPolicy.standard().olderThan(Duration.ofDays(90));
    RetrainDecision decision = policy.decide(NOTHING, NOW);
    assertThat(decision.verdict()).isEqualTo(RetrainDecision.Verdict.RETRAIN);
    assertThat(decision.exitCode()).isEqualTo(10);
    assertThat(sentences(decision))
        .containsExactly("the model is 91.5 days old, more than 90 days");
    assertThat(policy.decide(NOTHING, TRAINED.plus(Duration.ofDays(90))).verdict())
        .isEqualTo(RetrainDecision.Verdict.KEEP);
    assertThat(policy.decide(NOTHING, TRAINED.minusSeconds(1)).notes())
        .containsExactly(
            "the model was trained at 2013-04-01T00:00:00Z, after now: check the clock");
    assertThatThrownBy(() -> policy.olderThan(Duration.ZERO)).hasMessageContaining("positive");
  }

  @Test
  @DisplayName("retrains on as many drifted columns as were asked for, and says what moved")
  void drifted() {
    RetrainEvidence one = NOTHING.drift(drift(1, 0));
    RetrainDecision decision = RetrainPolicy.standard().decide(one, NOW);
    assertThat(decision.verdict()).isEqualTo(RetrainDecision.Verdict.RETRAIN);
    assertThat(sentences(decision).get(0)).startsWith("1 column drifted: 'x': values");
    RetrainPolicy two = RetrainPolicy.standard().alertedColumns(2);
    assertThat(two.decide(one, NOW).verdict()).isEqualTo(RetrainDecision.Verdict.KEEP);
    assertThat(two.decide(one, NOW).notes().get(0)).contains("fewer than 2 columns");
    assertThat(two.decide(NOTHING.drift(drift(1, 1)), NOW).verdict())
        .isEqualTo(RetrainDecision.Verdict.RETRAIN);
    assertThatThrownBy(() -> two.alertedColumns(0)).hasMessageContaining("at least 1");
  }

  @Test
  @DisplayName("retrains on an alarm about performance, and says what it could not judge")
  void performance() {
    RetrainPolicy policy = RetrainPolicy.standard();
    RetrainDecision decision = policy.decide(NOTHING.performance("precision", FELL), NOW);
    assertThat(decision.verdict()).isEqualTo(RetrainDecision.Verdict.RETRAIN);
    assertThat(sentences(decision))
        .containsExactly("precision fell: precision is 0.71, below 0.9 (900 rows)");
    RetrainEvidence young =
        NOTHING
            .performance("precision", finding(PerformanceAlarm.State.IMMATURE))
            .performance("auc", finding(PerformanceAlarm.State.SUSPECT))
            .performance("rmse", finding(PerformanceAlarm.State.OK))
            .drift(Drift.compare(REFERENCE, window(numbers(3, 50, 9), numbers(4, 50, 9))));
    RetrainDecision kept = policy.decide(young, NOW);
    assertThat(kept.verdict()).isEqualTo(RetrainDecision.Verdict.KEEP);
    assertThat(kept.notes())
        .containsExactly(
            "drift is not known: there are 50 rows, too few",
            "precision is not known: why",
            "auc is suspect: why");
  }

  private static PerformanceAlarm.Finding finding(PerformanceAlarm.State state) {
    return new PerformanceAlarm.Finding(state, 0.9, 100, "why");
  }

  @Test
  @DisplayName("waits for an approval that is newer than the model")
  void approval() {
    RetrainPolicy policy = RetrainPolicy.standard().withApproval();
    RetrainEvidence evidence = NOTHING.performance("precision", FELL);
    RetrainDecision waits = policy.decide(evidence, NOW);
    assertThat(waits.verdict()).isEqualTo(RetrainDecision.Verdict.WAIT_FOR_APPROVAL);
    assertThat(waits.exitCode()).isEqualTo(11);
    RetrainDecision spent =
        policy.decide(evidence.approvedBy("anna", TRAINED.minusSeconds(60)), NOW);
    assertThat(spent.verdict()).isEqualTo(RetrainDecision.Verdict.WAIT_FOR_APPROVAL);
    assertThat(spent.notes().get(0)).contains("'anna'").contains("it was for another training");
    assertThat(policy.decide(evidence.approvedBy("anna", NOW.plusSeconds(1)), NOW).verdict())
        .isEqualTo(RetrainDecision.Verdict.WAIT_FOR_APPROVAL);
    assertThat(policy.decide(evidence.approvedBy("anna", NOW), NOW).verdict())
        .isEqualTo(RetrainDecision.Verdict.RETRAIN);
    assertThat(policy.decide(NOTHING.approvedBy("anna", NOW), NOW).verdict())
        .as("an approval is no reason")
        .isEqualTo(RetrainDecision.Verdict.KEEP);
    assertThatThrownBy(() -> evidence.approvedBy(" ", NOW)).hasMessageContaining("somebody");
  }

  @Test
  @DisplayName("never trains on broken input by itself")
  void broken() {
    double[] x = numbers(3, 1_000, 0);
    IntStream.range(0, 400).forEach(i -> x[i] = Double.NaN);
    DriftReport report = Drift.compare(REFERENCE, window(x, numbers(4, 1_000, 1)));
    RetrainPolicy policy = RetrainPolicy.standard();
    RetrainDecision decision = policy.decide(NOTHING.drift(report), NOW);
    assertThat(decision.verdict()).isEqualTo(RetrainDecision.Verdict.WAIT_FOR_APPROVAL);
    assertThat(decision.notes().get(0))
        .startsWith("repair the input before training: values of 'x'");
    assertThat(sentences(decision).get(0)).startsWith("1 column drifted: 'y'");
    assertThat(policy.decide(NOTHING.drift(report).approvedBy("anna", NOW), NOW).verdict())
        .isEqualTo(RetrainDecision.Verdict.RETRAIN);
    DriftReport only = Drift.compare(REFERENCE, window(x, numbers(4, 1_000, 0)));
    assertThat(policy.decide(NOTHING.drift(only), NOW).verdict())
        .as("broken input alone is no reason to train")
        .isEqualTo(RetrainDecision.Verdict.KEEP);
  }

  @Test
  @DisplayName("writes its decision as JSON and as the body of a webhook")
  void json() {
    RetrainDecision decision =
        RetrainPolicy.standard().withApproval().decide(NOTHING.performance("auc", FELL), NOW);
    JsonObject json = Json.object(decision.toJson(), "decision");
    assertThat(json.string("verdict")).isEqualTo("wait_for_approval");
    assertThat(json.longValue("exit_code")).isEqualTo(11);
    assertThat(json.string("at")).isEqualTo("2013-07-01T12:00:00Z");
    assertThat(json.objects("reasons").get(0).string("kind")).isEqualTo("performance");
    JsonObject alert = Json.object(AlertMessage.of(decision).toJson(), "alert");
    assertThat(alert.string("level")).isEqualTo("alert");
    assertThat(alert.string("title")).isEqualTo("models:/m/3: wait for approval");
    assertThat(alert.strings("sentences").get(0)).startsWith("auc fell");
  }

  @Test
  @DisplayName("is told in Slack's shape, in which no name can mention people or break a limit")
  void slack() {
    List<String> many =
        IntStream.range(0, 60)
            .mapToObj(i -> "<!channel> & <script> " + "<".repeat(5_000) + i)
            .collect(Collectors.toList());
    AlertMessage message =
        new AlertMessage(AlertMessage.Level.WARN, "<@U1>\n" + "\ud83d\ude00".repeat(200), many);
    JsonObject json = Json.object(message.toSlackJson(), "slack");
    List<JsonObject> blocks = json.objects("blocks");
    assertThat(blocks).hasSize(22);
    JsonObject header = blocks.get(0).object("text");
    assertThat(blocks.get(0).string("type")).isEqualTo("header");
    assertThat(header.string("type")).isEqualTo("plain_text");
    assertThat(header.string("text")).hasSizeLessThanOrEqualTo(150).doesNotContain("\n");
    for (JsonObject block : blocks.subList(1, 22)) {
      assertThat(block.string("type")).isEqualTo("section");
      assertThat(block.object("text").string("text"))
          .hasSizeLessThanOrEqualTo(3_000)
          .doesNotContain("<");
    }
    assertThat(blocks.get(21).object("text").string("text")).isEqualTo("and 40 more");
    assertThat(json.string("text")).startsWith("WARN: &lt;@U1&gt;");
  }

  @Test
  @DisplayName("has company: drift and data checks are told in the same way")
  void others() {
    AlertMessage drift = AlertMessage.of("m", drift(1, 0));
    assertThat(drift.level()).isEqualTo(AlertMessage.Level.ALERT);
    assertThat(drift.title()).isEqualTo("m: drift alert");
    assertThat(drift.sentences()).hasSize(1).first().asString().startsWith("'x' (ALERT): ");
    DataCheck check = DataCheck.against(REFERENCE);
    Profile short1 = Profile.builder().add("x", numbers(5, 1_000, 0)).build();
    AlertMessage failed = AlertMessage.of("m", check.check(short1));
    assertThat(failed.title()).isEqualTo("m: data check failed");
    assertThat(failed.sentences()).containsExactly("column 'y' is missing");
  }

  private static DriftReport drift(double x, double y) {
    return Drift.compare(REFERENCE, window(numbers(3, 1_000, x), numbers(4, 1_000, y)));
  }

  private static WindowCounts window(double[] x, double[] y) {
    ProfileCounter counter = REFERENCE.counter();
    counter.countAll(0, x);
    counter.countAll(1, y);
    return counter.take();
  }

  private static List<String> sentences(RetrainDecision decision) {
    return decision.reasons().stream().map(RetrainDecision.Reason::sentence).toList();
  }

  private static double[] numbers(long seed, int rows, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, rows).mapToDouble(i -> random.nextGaussian() + shift).toArray();
  }
}
