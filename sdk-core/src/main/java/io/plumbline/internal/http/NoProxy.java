package io.plumbline.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is reached without a proxy, as the variable {@code NO_PROXY} has it: names, with all below
 * them, addresses, and networks in the form of {@code 10.0.0.0/8}, each with a {@code :port} or
 * without, between commas or blanks; {@code *} is everything. Names are not looked up.
 */
public final class NoProxy {
  private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final List<Entry> entries = new ArrayList<>();

  /**
   * Reads a list; an entry that is none of these covers nothing.
   *
   * @param list the value of the variable; blank for nothing
   */
  public NoProxy(String list) {
    for (String text : list.split("[,\\s]+")) {
      if (!text.isEmpty()) {
        entries.add(Entry.of(text.toLowerCase(Locale.ROOT)));
      }
    }
  }

  /** Returns whether a host's port is reached without a proxy. */
  public boolean covers(String host, int port) {
    String name = plain(host.toLowerCase(Locale.ROOT));
    InetAddress address = address(name);
    for (Entry entry : entries) {
      if ((entry.port < 0 || entry.port == port) && entry.covers(name, address)) {
        return true;
      }
    }
    return false;
  }

  /** A host without brackets, and without the dot that ends a full name. */
  private static String plain(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.substring(1, host.length() - 1);
    }
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** An address; null for a name, for which the network would have to be asked. */
  private static @Nullable InetAddress address(String text) {
    if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /**
   * One entry.
   *
   * @param name in small letters, without a dot in front
   * @param address the address, or null for a name
   * @param bits how many bits of the address count
   * @param port the port, or -1 for all
   */
  private record Entry(String name, @Nullable InetAddress address, int bits, int port) {
    static Entry of(String text) {
      int slash = text.indexOf('/');
      if (slash >= 0) {
        InetAddress network = NoProxy.address(plain(text.substring(0, slash)));
        int bits = number(text.substring(slash + 1), width(network));
        return new Entry(text, bits < 0 ? null : network, bits, -1);
      }
      InetAddress whole = NoProxy.address(plain(text));
      int colon = whole == null ? text.lastIndexOf(':') : -1;
      int port = colon < 0 ? -1 : number(text.substring(colon + 1), 65_535);
      String host = plain(port < 0 ? text : text.substring(0, colon));
      InetAddress address = whole == null ? NoProxy.address(host) : whole;
      String name = host.startsWith("*.") ? host.substring(2) : host;
      return new Entry(
          name.startsWith(".") ? name.substring(1) : name, address, width(address), port);
    }

    /** How many bits an address has; -1 where there is none. */
    private static int width(@Nullable InetAddress address) {
      return address == null ? -1 : address.getAddress().length * 8;
    }

    private static int number(String text, int most) {
      if (text.isEmpty()
          || text.length() > 5
          || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return -1;
      }
      int number = Integer.parseInt(text);
      return number <= most ? number : -1;
    }

    boolean covers(String host, @Nullable InetAddress other) {
      if (name.equals("*")) {
        return true;
      }
      if (address != null) {
        return other != null && sameNetwork(address.getAddress(), other.getAddress());
      }
      return !name.isEmpty() && other == null && (host.equals(name) || host.endsWith("." + name));
    }

    private boolean sameNetwork(byte[] ours, byte[] other) {
      if (ours.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((ours[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
