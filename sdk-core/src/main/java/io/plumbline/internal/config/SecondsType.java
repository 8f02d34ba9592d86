package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.time.Duration;

/** A span of time as MLflow's variables have it: a bare number of seconds. */
final class SecondsType implements ValueType<Duration> {

  private final long max;

  /**
   * Makes the type; at least one second is wanted.
   *
   * @param max the longest span
   */
  SecondsType(Duration max) {
    this.max = max.toSeconds();
  }

  @Override
  public String accepted() {
    return "a number of seconds from 1 to " + max;
  }

  @Override
  public Duration parse(String text) throws BadValueException {
    Quantity quantity = Quantity.parse(text);
    if (quantity == null || !quantity.unit().isEmpty()) {
      throw new BadValueException(Printable.quote(text) + " is not a number of seconds");
    }
    if (quantity.number() < 1 || quantity.number() > max) {
      throw new BadValueException(
          Printable.quote(text) + (quantity.number() < 1 ? " is too short" : " is too long"));
    }
    return Duration.ofSeconds(quantity.number());
  }

  @Override
  public String format(Duration value) {
    return Long.toString(value.toSeconds());
  }
}
