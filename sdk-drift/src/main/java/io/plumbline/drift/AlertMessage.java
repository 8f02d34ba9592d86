package io.plumbline.drift;

import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What to tell people when something needs them, as the body of a webhook. Immutable. It is not
 * sent from here: any HTTP client posts it, with {@code Content-Type: application/json}.
 *
 * @param level how urgent it is
 * @param title one line
 * @param sentences what was found, the most important first
 */
public record AlertMessage(Level level, String title, List<String> sentences) {
  // Slack refuses a message whose header or section is longer, or that has more than 50 blocks.
  private static final int SLACK_HEADER = 150;
  private static final int SLACK_SECTION = 3_000;
  private static final int SLACK_SECTIONS = 20;

  /** How urgent a message is. */
  public enum Level {
    /** All is well, or it was decided already. */
    INFO,
    /** Somebody should look. */
    WARN,
    /** Somebody should act. */
    ALERT
  }

  /** Copies the sentences. */
  public AlertMessage {
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(title, "title");
    sentences = List.copyOf(sentences);
  }

  /** Tells of a decision. */
  public static AlertMessage of(RetrainDecision decision) {
    Level level =
        switch (decision.verdict()) {
          case KEEP -> Level.INFO;
          case RETRAIN -> Level.WARN;
          case WAIT_FOR_APPROVAL -> Level.ALERT;
        };
    String what = decision.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    List<String> sentences = new ArrayList<>();
    decision.reasons().forEach(reason -> sentences.add(reason.sentence()));
    sentences.addAll(decision.notes());
    return new AlertMessage(level, decision.model() + ": " + what, sentences);
  }

  /**
   * Tells of drift.
   *
   * @param model how people call the model
   */
  public static AlertMessage of(String model, DriftReport report) {
    Level level =
        switch (report.verdict()) {
          case ALERT -> Level.ALERT;
          case WARN -> Level.WARN;
          case OK, INSUFFICIENT -> Level.INFO;
        };
    List<String> sentences = new ArrayList<>();
    report
        .absent()
        .forEach(name -> sentences.add(Words.quoted(name) + " (ALERT): " + report.absence()));
    report
        .alarms()
        .forEach(
            column ->
                sentences.add(
                    Words.quoted(column.name())
                        + " ("
                        + column.verdict()
                        + "): "
                        + column.explanation()));
    return new AlertMessage(
        level, model + ": drift " + report.verdict().name().toLowerCase(Locale.ROOT), sentences);
  }

  /**
   * Tells of data that a model was, or was not, trained with.
   *
   * @param model how people call the model
   */
  public static AlertMessage of(String model, DataCheck.Result result) {
    List<String> sentences = new ArrayList<>(result.failures());
    sentences.addAll(result.warnings());
    Level level = !result.passed() ? Level.ALERT : sentences.isEmpty() ? Level.INFO : Level.WARN;
    return new AlertMessage(
        level, model + ": data check " + (result.passed() ? "passed" : "failed"), sentences);
  }

  /**
   * The message as JSON in UTF-8: {@code plumbline_alert} (the version, 1), {@code level}, {@code
   * title}, {@code sentences}.
   */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("plumbline_alert", 1L);
    json.put("level", ReportJson.lower(level));
    json.put("title", title);
    json.put("sentences", sentences);
    return Json.bytes(json);
  }

  /**
   * The message in the shape of Slack's incoming webhooks: a text for notifications, and blocks.
   * Names from data cannot mention anybody or make links: {@code &}, {@code <} and {@code >} are
   * escaped. What is too long for Slack is cut.
   */
  public byte[] toSlackJson() {
    List<Object> blocks = new ArrayList<>();
    String line = cut(Printable.escape(title), SLACK_HEADER);
    blocks.add(block("header", "plain_text", line));
    int shown = Math.min(sentences.size(), SLACK_SECTIONS);
    for (String sentence : sentences.subList(0, shown)) {
      blocks.add(block("section", "mrkdwn", slack(sentence)));
    }
    if (shown < sentences.size()) {
      blocks.add(block("section", "mrkdwn", "and " + (sentences.size() - shown) + " more"));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("text", slack(level + ": " + title));
    json.put("blocks", blocks);
    return Json.bytes(json);
  }

  private static Map<String, Object> block(String type, String textType, String text) {
    return Map.of("type", type, "text", Map.of("type", textType, "text", text));
  }

  private static String slack(String text) {
    // An escape takes up to five characters, so this stays below the limit whatever is in it.
    return cut(Printable.escape(text), SLACK_SECTION / 5)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return Printable.start(text, most - 3) + "...";
  }
}
