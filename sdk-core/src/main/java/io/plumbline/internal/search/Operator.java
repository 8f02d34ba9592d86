package io.plumbline.internal.search;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can stand between a field and its value. */
enum Operator {
  GREATER(">"),
  AT_LEAST(">="),
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  AT_MOST("<="),
  LIKE("LIKE"),
  ILIKE("ILIKE"),
  IN("IN"),
  NOT_IN("NOT IN"),
  IS_NULL("IS NULL"),
  IS_NOT_NULL("IS NOT NULL");

  static final Set<Operator> OF_NUMBERS =
      Collections.unmodifiableSet(EnumSet.range(GREATER, AT_MOST));
  static final Set<Operator> OF_ENTRIES =
      Collections.unmodifiableSet(EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IS_NULL, IS_NOT_NULL));
  static final Set<Operator> OF_TEXTS =
      Collections.unmodifiableSet(EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IN, NOT_IN));

  private final String text;

  Operator(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  static String list(Set<Operator> operators) {
    return operators.stream().map(Operator::text).collect(Collectors.joining(", "));
  }

  /** Compares as IEEE 754 does: every comparison with NaN is false, but for !=. */
  boolean holds(double left, double right) {
    return switch (this) {
      case GREATER -> left > right;
      case AT_LEAST -> left >= right;
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      default -> throw new IllegalStateException(this + " does not compare numbers");
    };
  }
}
