package io.plumbline.drift.internal.profile;

import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which categories a reference has beyond those that its profile lists, in two bytes each
 * and 64 at least: a filter as Bloom (1970) has described it, of 16 bits a text and 8 probes. A
 * text that was put in is always known; another one is taken for known once in 1,700 times (0.06 %,
 * which is (1 - e^-0.5)^8), so that a little less counts as new, and never what is not. Immutable.
 */
public final class KnownTexts {
  /** Of more categories than this, nothing is remembered. */
  public static final int MOST = 1 << 16;

  private static final int BYTES = 2;
  private static final int PROBES = 8;
  private static final String FILTER = "known";
  private static final String COUNT = "known_count";

  // Smaller filters would err more often.
  private static final int LEAST_BYTES = 64;

  private final long count;
  private final byte[] bits;
  private final String base64;

  private KnownTexts(long count, byte[] bits) {
    this.count = count;
    this.bits = bits;
    this.base64 = Base64.getEncoder().encodeToString(bits);
  }

  /** Remembers texts, at least one and at most {@link #MOST} different ones. */
  static KnownTexts of(Collection<String> texts) {
    byte[] bits = new byte[(int) bytes(texts.size())];
    for (String text : texts) {
      long hash = hash(text);
      for (int probe = 0; probe < PROBES; probe++) {
        int bit = bit(hash, probe, bits);
        bits[bit >>> 3] |= (byte) (1 << (bit & 7));
      }
    }
    return new KnownTexts(texts.size(), bits);
  }

  private static long bytes(long count) {
    return Math.max(LEAST_BYTES, BYTES * count);
  }

  /** Whether a text was put in; of others, one in 1,700 seems to be. */
  public boolean has(CharSequence text) {
    long hash = hash(Texts.odd(text) ? Texts.normal(text) : text);
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(hash, probe, bits);
      if ((bits[bit >>> 3] & (1 << (bit & 7))) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The filter in text, which differs where what it knows differs. */
  String base64() {
    return base64;
  }

  void write(Map<String, Object> json) {
    json.put(FILTER, base64);
    json.put(COUNT, count);
  }

  /** Whether there is a filter. */
  static boolean isIn(JsonObject json) {
    return json.has(FILTER);
  }

  /** Reads what {@link #write} has written. */
  static KnownTexts read(JsonObject json) {
    String text = json.string(FILTER);
    long count = json.longValue(COUNT);
    String place = json.place() + "." + FILTER;
    if (count < 1 || count > MOST || text.length() != 4 * ((bytes(count) + 2) / 3)) {
      throw new JsonException(
          place + " must have 2 bytes for each of " + COUNT + " texts, which are 1 to " + MOST);
    }
    try {
      byte[] bits = Base64.getDecoder().decode(text);
      if (bits.length == bytes(count)) {
        return new KnownTexts(count, bits);
      }
    } catch (IllegalArgumentException e) {
      throw new JsonException(place + " is no base64", e);
    }
    throw new JsonException(place + " does not have 2 bytes for each text");
  }

  /** FNV-1a of the UTF-16 units' bytes, the low one first, with the finish of MurmurHash3. */
  private static long hash(CharSequence text) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      hash = (hash ^ (unit & 0xFF)) * 0x100000001B3L;
      hash = (hash ^ (unit >>> 8)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  /** Kirsch and Mitzenmacher (2006): all probes from the two halves of one hash. */
  private static int bit(long hash, int probe, byte[] bits) {
    long second = (hash >>> 32) | 1;
    long mixed = (hash + probe * second) & 0xFFFFFFFFL;
    return (int) ((mixed * 8L * bits.length) >>> 32);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KnownTexts known
        && count == known.count
        && Arrays.equals(bits, known.bits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bits);
  }
}
