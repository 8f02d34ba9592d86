package io.plumbline.internal.config;

import io.plumbline.internal.Printable;

/** Text on one line that a header of a request can hold. */
final class AsciiType implements ValueType<String> {
  private final TextType text;

  /**
   * Makes the type.
   *
   * @param maxLength the longest accepted text
   */
  AsciiType(int maxLength) {
    this.text = new TextType(maxLength);
  }

  @Override
  public String accepted() {
    return text.accepted() + ", all of them ASCII";
  }

  @Override
  public String parse(String given) throws BadValueException {
    String parsed = text.parse(given);
    if (!parsed.chars().allMatch(c -> c >= ' ' && c < 127)) {
      throw new BadValueException(
          Printable.quote(parsed) + " has a character that is sent in no header");
    }
    return parsed;
  }

  @Override
  public String format(String value) {
    return value;
  }
}
