package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.util.Locale;

/** True or false, in the spellings that people use in environment variables. */
final class BooleanType implements ValueType<Boolean> {

  @Override
  public String accepted() {
    return "true or false";
  }

  @Override
  public Boolean parse(String text) throws BadValueException {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new BadValueException(Printable.quote(text) + " is neither true nor false");
    };
  }

  @Override
  public String format(Boolean value) {
    return value.toString();
  }
}
