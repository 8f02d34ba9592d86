package io.plumbline.internal.config;

import io.plumbline.internal.Printable;

/** A name on one line. */
final class TextType implements ValueType<String> {

  private final int maxLength;

  /**
   * Makes the type.
   *
   * @param maxLength the longest accepted text, in UTF-16 units
   */
  TextType(int maxLength) {
    this.maxLength = maxLength;
  }

  @Override
  public String accepted() {
    return "text of 1 to " + maxLength + " characters on one line";
  }

  @Override
  public String parse(String text) throws BadValueException {
    if (text.isBlank()) {
      throw new BadValueException("it is blank");
    }
    if (text.length() > maxLength) {
      throw new BadValueException("it has " + text.length() + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new BadValueException(Printable.quote(text) + " has a control character");
      }
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }
}
