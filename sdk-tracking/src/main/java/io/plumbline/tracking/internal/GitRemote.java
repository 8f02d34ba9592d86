package io.plumbline.tracking.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from Git's settings where a repository is cloned from. */
final class GitRemote {
  private static final Pattern SECTION = Pattern.compile("\\[remote \"(.*)\"].*");
  private static final Pattern ADDRESS =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#]*)([^?#]*).*");
  private static final Pattern HOST =
      Pattern.compile("[\\w.-]+(:\\d*)?|\\[[0-9a-fA-F:.]+](:\\d*)?");
  private static final Pattern SHORT = Pattern.compile("([\\w.-]+@)?[\\w.-]+:[^@]*");
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_CHARACTERS = 2_000;

  private GitRemote() {}

  /** Returns the address of {@code origin}, else of the first remote; null if there is none. */
  static @Nullable String read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      return null;
    }
    return find(Files.readAllLines(file));
  }

  static @Nullable String find(List<String> lines) {
    String first = null;
    String remote = null;
    for (String raw : lines) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        Matcher section = SECTION.matcher(line);
        remote = section.matches() ? section.group(1) : null;
      } else if (remote != null && key(line).equals("url")) {
        String url = withoutCredentials(value(line));
        if (remote.equals("origin")) {
          return url;
        }
        first = first == null ? url : first;
      }
    }
    return first;
  }

  private static String key(String line) {
    int equals = line.indexOf('=');
    return equals < 0 ? "" : line.substring(0, equals).strip();
  }

  private static String value(String line) {
    String value = line.substring(line.indexOf('=') + 1).strip();
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** Returns an address that anybody may see; null where it is not clear what in it is a secret. */
  static @Nullable String withoutCredentials(String url) {
    if (url.length() > MOST_CHARACTERS) {
      return null;
    }
    Matcher address = ADDRESS.matcher(url);
    if (address.matches()) {
      String host = address.group(2).substring(address.group(2).lastIndexOf('@') + 1);
      String path = address.group(3);
      // A password with a slash in it would be taken for a part of the path.
      boolean clear = HOST.matcher(host).matches() || host.isEmpty();
      return clear && !path.contains("@") ? address.group(1) + "://" + host + path : null;
    }
    boolean clear = !url.contains("@") || SHORT.matcher(url).matches();
    return clear && !url.contains("::") && !url.isEmpty() ? url : null;
  }
}
