package io.plumbline.mlflow;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain text means: YAML 1.1 as Python writes it, which quotes texts that look otherwise.
 */
final class YamlScalar {
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> YES =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> NO =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9]{1,400}\\.[0-9]{0,400}|\\.[0-9]{1,400})([eE][-+][0-9]{1,3})?");

  private YamlScalar() {}

  static @Nullable Object of(String text) {
    if (NOTHING.contains(text)) {
      return null;
    }
    if (YES.contains(text)) {
      return true;
    }
    if (NO.contains(text)) {
      return false;
    }
    if (INTEGER.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    return DECIMAL.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
  }
}
