package io.plumbline.drift;

import io.plumbline.internal.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a model is to be trained again, and why. Immutable.
 *
 * @param verdict what to do
 * @param model the model, as people call it
 * @param at when it was decided
 * @param reasons why it should be trained again; none for {@link Verdict#KEEP}
 * @param notes what else somebody should know, such as what could not be judged
 */
public record RetrainDecision(
    Verdict verdict, String model, Instant at, List<Reason> reasons, List<String> notes) {

  /** What to do. */
  public enum Verdict {
    /** Nothing speaks against the model. */
    KEEP(0),
    /** Train it again. */
    RETRAIN(10),
    /** There are reasons, but somebody must approve first. */
    WAIT_FOR_APPROVAL(11);

    private final int exitCode;

    Verdict(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /** What a reason is about. */
  public enum Kind {
    /** The model is old. */
    SCHEDULE,
    /** Its data has drifted. */
    DRIFT,
    /** It performs worse than it should. */
    PERFORMANCE
  }

  /**
   * Why a model should be trained again.
   *
   * @param sentence for people
   */
  public record Reason(Kind kind, String sentence) {
    /** Checks that nothing is null. */
    public Reason {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(sentence, "sentence");
    }
  }

  /** Copies the lists. */
  public RetrainDecision {
    reasons = List.copyOf(reasons);
    notes = List.copyOf(notes);
  }

  /**
   * A process's exit code for schedulers: 0 to keep, 10 to train again, 11 to wait. A crash, which
   * is 1 or above 127, looks like none of them.
   */
  public int exitCode() {
    return verdict.exitCode;
  }

  /**
   * The decision as JSON in UTF-8: {@code retrain_decision} (the version, 1), {@code verdict},
   * {@code exit_code}, {@code model}, {@code at}, {@code reasons} with {@code kind} and {@code
   * sentence}, {@code notes}.
   */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("retrain_decision", 1L);
    json.put("verdict", ReportJson.lower(verdict));
    json.put("exit_code", (long) exitCode());
    json.put("model", model);
    json.put("at", at.toString());
    json.put(
        "reasons",
        reasons.stream()
            .map(
                reason ->
                    Map.of("kind", ReportJson.lower(reason.kind()), "sentence", reason.sentence()))
            .toList());
    json.put("notes", notes);
    return Json.bytes(json);
  }

  /** The verdict, then the reasons. */
  @Override
  public String toString() {
    return verdict + " " + model + ": " + reasons.stream().map(Reason::sentence).toList();
  }
}
