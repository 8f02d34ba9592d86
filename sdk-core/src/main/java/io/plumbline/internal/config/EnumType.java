package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.util.Locale;

/** One of a few words: the constants of an enum in lower case. */
final class EnumType<E extends Enum<E>> implements ValueType<E> {

  private final E[] constants;

  EnumType(Class<E> type) {
    this.constants = type.getEnumConstants();
  }

  @Override
  public String accepted() {
    StringBuilder words = new StringBuilder();
    for (E constant : constants) {
      words.append(words.length() == 0 ? "" : ", ").append(format(constant));
    }
    return words.toString();
  }

  @Override
  public E parse(String text) throws BadValueException {
    String word = text.strip();
    for (E constant : constants) {
      if (constant.name().equalsIgnoreCase(word)) {
        return constant;
      }
    }
    throw new BadValueException(Printable.quote(text) + " is not one of them");
  }

  @Override
  public String format(E value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
