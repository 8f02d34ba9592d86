package io.plumbline.internal.search;

import io.plumbline.internal.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the conditions of one filter, from left to right, without recursion. */
final class FilterParser {
  private static final Pattern NUMBER =
      Pattern.compile("-?+(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");

  private final Cursor cursor;

  FilterParser(String filter) {
    this.cursor = new Cursor("filter", filter);
  }

  List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    cursor.skipSpace();
    if (cursor.atEnd()) {
      return conditions;
    }
    while (true) {
      conditions.add(condition());
      cursor.skipSpace();
      if (cursor.atEnd()) {
        return conditions;
      }
      and();
      cursor.skipSpace();
    }
  }

  private void and() {
    int start = cursor.at();
    String word = cursor.word(false).toUpperCase(Locale.ROOT);
    if (word.equals("AND")) {
      return;
    }
    cursor.goTo(start);
    throw cursor.mistake(
        word.equals("OR")
            ? "OR is not part of the grammar: conditions are joined by AND; a list of values of one"
                + " field is written as IN ('a', 'b')"
            : "AND or the end is expected, not " + cursor.here());
  }

  private Condition condition() {
    int start = cursor.at();
    if (cursor.peek() == '(') {
      throw cursor.mistake("parentheses are not part of the grammar: conditions are joined by AND");
    }
    String word = cursor.word(false).toUpperCase(Locale.ROOT);
    boolean alone = cursor.peek() != '.';
    cursor.goTo(start);
    if (alone && word.equals("NOT")) {
      throw cursor.mistake("NOT is only part of the grammar in NOT IN and IS NOT NULL");
    }
    if (alone && word.equals("AND")) {
      throw cursor.mistake("a condition is expected before AND");
    }
    Field field = FieldParser.read(cursor);
    cursor.skipSpace();
    Operator operator = operator(field);
    if (operator == Operator.IS_NULL || operator == Operator.IS_NOT_NULL) {
      return new Condition.OfPresence(field, operator == Operator.IS_NOT_NULL);
    }
    cursor.skipSpace();
    if (field.number()) {
      return number(field, operator);
    }
    Condition.TextTest test = textTest(field, operator);
    return field.kind() == Field.Kind.DATASET
        ? new Condition.OfDataset(field, test)
        : new Condition.OfText(field, test);
  }

  private Operator operator(Field field) {
    int start = cursor.at();
    String written = cursor.symbol();
    if (written.isEmpty()) {
      written = words();
    }
    for (Operator operator : Operator.values()) {
      if (operator.text().equals(written) && field.operators().contains(operator)) {
        return operator;
      }
    }
    cursor.goTo(start);
    throw cursor.mistake(
        Printable.quote(field.toString())
            + " is compared with "
            + Operator.list(field.operators())
            + "; not with "
            + (written.isEmpty() ? cursor.here() : Printable.quote(written))
            + hint(field, written));
  }

  private static String hint(Field field, String written) {
    return switch (written) {
      case "==" -> "; equality is written =";
      case "<>" -> "; inequality is written !=";
      case ">", ">=", "<", "<=" -> "; it is a text, and only metrics and times have an order";
      case "IS NULL", "IS NOT NULL" -> "; only params and tags may be missing";
      case "IN", "NOT IN" ->
          field.number() ? "" : "; lists are for attributes that are texts, and for datasets";
      default -> "";
    };
  }

  /** An operator of one to three words, in upper case with single blanks. */
  private String words() {
    String first = cursor.word(false).toUpperCase(Locale.ROOT);
    return switch (first) {
      case "NOT" -> (first + " " + nextWord()).strip();
      case "IS" -> {
        String second = nextWord();
        yield (second.equals("NOT") ? "IS NOT " + nextWord() : "IS " + second).strip();
      }
      default -> first;
    };
  }

  private String nextWord() {
    cursor.skipSpace();
    return cursor.word(false).toUpperCase(Locale.ROOT);
  }

  private Condition number(Field field, Operator operator) {
    int start = cursor.at();
    String written = cursor.run("+-.0123456789eE");
    Matcher matcher = NUMBER.matcher(written);
    if (!matcher.matches() || !cursor.word(true).isEmpty()) {
      cursor.goTo(start);
      throw cursor.mistake(
          field.time()
              ? "a time is a number without quotes, in milliseconds since 1970, such as"
                  + " 1700000000000; not "
                  + cursor.here()
              : "a metric is compared with a number without quotes, such as 0.9 or -1e-3; NaN and"
                  + " the infinities cannot be written; not "
                  + cursor.here());
    }
    double value = Double.parseDouble(written);
    return field.time()
        ? time(field, operator, written, value)
        : new Condition.OfMetric(field.key(), operator, value);
  }

  private static Condition time(Field field, Operator operator, String written, double value) {
    try {
      return new Condition.OfTime(field, operator, Long.parseLong(written), false);
    } catch (NumberFormatException e) {
      // It has a fraction or an exponent, or is beyond all times.
      long floor = (long) Math.floor(value);
      return new Condition.OfTime(field, operator, floor, floor != value);
    }
  }

  private Condition.TextTest textTest(Field field, Operator operator) {
    return switch (operator) {
      case EQUAL -> new Condition.Equality(text(field), true);
      case NOT_EQUAL -> new Condition.Equality(text(field), false);
      case LIKE -> LikePattern.of(text(field), field.status())::matches;
      case ILIKE -> LikePattern.of(text(field), true)::matches;
      case IN -> new Condition.Membership(texts(field), true);
      case NOT_IN -> new Condition.Membership(texts(field), false);
      default -> throw new IllegalStateException(operator + " does not compare texts");
    };
  }

  private Set<String> texts(Field field) {
    if (!cursor.take('(')) {
      throw cursor.mistake("a list is expected, such as ('a', 'b'), not " + cursor.here());
    }
    Set<String> values = new HashSet<>();
    do {
      cursor.skipSpace();
      values.add(text(field));
      cursor.skipSpace();
    } while (cursor.take(','));
    if (!cursor.take(')')) {
      throw cursor.mistake("a comma or the closing parenthesis is expected, not " + cursor.here());
    }
    return values;
  }

  private String text(Field field) {
    if (cursor.peek() == '`') {
      throw cursor.mistake("back-ticks are for keys; a value stands in single or double quotes");
    }
    if (!cursor.atQuote()) {
      throw cursor.mistake(
          "a text in single or double quotes is expected, such as 'abc', not " + cursor.here());
    }
    String value = cursor.quoted();
    return field.status() ? value.toUpperCase(Locale.ROOT) : value;
  }
}
