package io.plumbline.internal.search;

import io.plumbline.model.DatasetInput;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** One condition of a filter; false wherever the run lacks what it speaks of. */
interface Condition {
  boolean matches(Run run);

  /** A test of a text that is there. */
  interface TextTest {
    boolean test(String text);
  }

  /** The last value of a metric against a number. */
  record OfMetric(String key, Operator operator, double value) implements Condition {
    @Override
    public boolean matches(Run run) {
      MetricSummary summary = run.metrics().get(key);
      return summary != null && operator.holds(summary.last(), value);
    }
  }

  /**
   * A point in time against epoch milliseconds.
   *
   * @param floor the number's whole part, rounded down
   * @param fraction whether the number is larger than that
   */
  record OfTime(Field field, Operator operator, long floor, boolean fraction) implements Condition {
    @Override
    public boolean matches(Run run) {
      Instant instant = field.instant(run);
      if (instant == null) {
        return false;
      }
      int sign = Long.compare(Field.epochMillis(instant), floor);
      return operator.holds(sign == 0 && fraction ? -1 : sign, 0);
    }
  }

  /** A param, tag or attribute that is there and passes. */
  record OfText(Field field, TextTest test) implements Condition {
    @Override
    public boolean matches(Run run) {
      String text = field.text(run);
      return text != null && test.test(text);
    }
  }

  /** A param or tag that is there, or is not. */
  record OfPresence(Field field, boolean present) implements Condition {
    @Override
    public boolean matches(Run run) {
      return (field.text(run) != null) == present;
    }
  }

  /** At least one dataset input that passes. */
  record OfDataset(Field field, TextTest test) implements Condition {
    @Override
    public boolean matches(Run run) {
      List<DatasetInput> inputs = run.inputs();
      // By index: an iterator would be an object for each call.
      for (int i = 0; i < inputs.size(); i++) {
        String text = field.text(inputs.get(i));
        if (text != null && test.test(text)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Equality, or its opposite. */
  record Equality(String value, boolean wanted) implements TextTest {
    @Override
    public boolean test(String text) {
      return text.equals(value) == wanted;
    }
  }

  /** Membership in a list, or its opposite. */
  record Membership(Set<String> values, boolean wanted) implements TextTest {
    @Override
    public boolean test(String text) {
      return values.contains(text) == wanted;
    }
  }
}
