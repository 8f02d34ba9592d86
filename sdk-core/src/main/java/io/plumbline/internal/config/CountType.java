package io.plumbline.internal.config;

import io.plumbline.internal.Printable;

/** A whole number between two others. */
final class CountType implements ValueType<Integer> {

  private final int min;
  private final int max;

  CountType(int min, int max) {
    this.min = min;
    this.max = max;
  }

  @Override
  public String accepted() {
    return "a whole number from " + min + " to " + max;
  }

  @Override
  public Integer parse(String text) throws BadValueException {
    Quantity quantity = Quantity.parse(text);
    if (quantity == null || !quantity.unit().isEmpty()) {
      throw new BadValueException(Printable.quote(text) + " is not a whole number");
    }
    if (quantity.number() < min || quantity.number() > max) {
      throw new BadValueException(
          Printable.quote(text) + (quantity.number() < min ? " is too small" : " is too large"));
    }
    return (int) quantity.number();
  }

  @Override
  public String format(Integer value) {
    return value.toString();
  }
}
