package io.plumbline.internal.json;

/** Says why a JSON text was refused, and where: line and column, or the key that was wrong. */
public final class JsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong and where
   */
  public JsonException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong and where
   * @param cause what the parser or the stream said
   */
  public JsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
