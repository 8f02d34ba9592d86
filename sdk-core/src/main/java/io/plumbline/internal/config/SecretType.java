package io.plumbline.internal.config;

import io.plumbline.Secret;

/** A text that is never shown: not in an error, not in an explanation. */
final class SecretType implements ValueType<Secret> {

  @Override
  public String accepted() {
    return "a secret that is not blank";
  }

  @Override
  public Secret parse(String text) throws BadValueException {
    if (text.isBlank()) {
      throw new BadValueException("it is blank");
    }
    return Secret.of(text);
  }

  @Override
  public String format(Secret value) {
    return value.toString();
  }
}
