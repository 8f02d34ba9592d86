package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Which names a package's parts may have: those that mean one file on every file system. */
final class PartNames {
  private static final int MAX_SEGMENT_BYTES = 255;
  private static final int MAX_NAME_BYTES = 1_024;

  // Control characters, and what Windows refuses or reads as a drive or a stream.
  private static final Pattern FORBIDDEN = Pattern.compile("[\\x00-\\x1f\\x7f\\\\:*?\"<>|]");

  // Windows opens a device under these names, whatever follows the first dot.
  private static final Pattern DEVICE =
      Pattern.compile("(?i)(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9¹²³])( *\\..*| *)");

  private PartNames() {}

  /**
   * Checks one name.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static void check(String name) {
    if (name.isEmpty()) {
      throw refused(name, "is empty");
    }
    if (name.startsWith("/")) {
      throw refused(name, "is absolute; use a path relative to the package");
    }
    if (FORBIDDEN.matcher(name).find()) {
      throw refused(name, "has a backslash, a control character or one of : * ? \" < > |");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw refused(name, "has half a surrogate pair");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw refused(name, "has more than " + MAX_NAME_BYTES + " bytes");
    }
    for (String segment : name.split("/", -1)) {
      checkSegment(name, segment);
    }
  }

  private static void checkSegment(String name, String segment) {
    if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
      throw refused(name, "has an empty segment, '.' or '..'");
    }
    if (segment.endsWith(".") || segment.endsWith(" ")) {
      throw refused(name, "has a segment that ends in a dot or a blank, which Windows drops");
    }
    if (DEVICE.matcher(segment).matches()) {
      throw refused(name, "has a segment that is a device on Windows");
    }
    if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES) {
      throw refused(name, "has a segment of more than " + MAX_SEGMENT_BYTES + " bytes");
    }
  }

  /**
   * Checks that names can live in one folder: none twice, also where case and the form of accents
   * do not count, and none that is a folder of another.
   */
  static void checkTogether(List<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String other = seen.put(folded(name), name);
      if (other != null) {
        throw new IllegalArgumentException(
            other.equals(name)
                ? "the package has two parts named " + Printable.quote(name)
                : "the parts "
                    + Printable.quote(other)
                    + " and "
                    + Printable.quote(name)
                    + " are one file where case or accents do not count");
      }
    }
    for (String name : names) {
      String folded = folded(name);
      for (int slash = folded.indexOf('/'); slash > 0; slash = folded.indexOf('/', slash + 1)) {
        String file = seen.get(folded.substring(0, slash));
        if (file != null) {
          throw new IllegalArgumentException(
              "the part "
                  + Printable.quote(file)
                  + " cannot also be the folder of "
                  + Printable.quote(name));
        }
      }
    }
  }

  private static String folded(String name) {
    String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
    return composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException("the part name " + Printable.quote(name) + " " + why);
  }
}
