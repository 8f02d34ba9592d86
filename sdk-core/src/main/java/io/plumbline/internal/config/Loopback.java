package io.plumbline.internal.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Knows which hosts are this machine, without asking the network. */
public final class Loopback {

  private Loopback() {}

  /**
   * Returns whether a host is this machine.
   *
   * @param host a name or an address, with or without the brackets of an IPv6 address
   */
  public static boolean is(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    return isV4(name) || name.equals("[::1]") || name.equals("::1");
  }

  /** Four numbers: a name such as 127.example.com is somebody else's. */
  private static boolean isV4(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 4 || !parts[0].equals("127")) {
      return false;
    }
    for (String part : parts) {
      Quantity number = part.length() > 3 ? null : Quantity.parse(part);
      if (number == null || !number.unit().isEmpty() || number.number() > 255) {
        return false;
      }
    }
    return true;
  }
}
