package io.plumbline.internal.courier;

import io.plumbline.spi.Backend;
import java.util.regex.Pattern;

/**
 * Where a courier delivers to. What was delivered is remembered by the name, so that the server may
 * move.
 *
 * @param name letters, digits, {@code _} and {@code -}
 * @param uri the address, without credentials, for people
 * @param backend what is there
 */
public record Destination(String name, String uri, Backend backend) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** Checks the name, which becomes a part of file names. */
  public Destination {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "the destination '" + name + "' must have 1 to 64 letters, digits, '_' or '-'");
    }
  }

  /** Returns whether a text can be a destination's name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
