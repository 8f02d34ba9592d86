package io.plumbline.internal.config;

import io.plumbline.internal.Nearest;
import io.plumbline.internal.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds names that look like settings and are none, mostly typing errors. */
final class UnknownNames {

  private UnknownNames() {}

  /** Returns a warning for each, with the nearest name that exists; no value is ever in it. */
  static List<String> warnings(Sources sources, @Nullable SettingsFile file) {
    List<String> warnings = new ArrayList<>();
    for (String name : sources.propertyNames()) {
      if (name.startsWith(ConfigKey.PROPERTY_PREFIX) && !isKnown(name, ConfigKey::property)) {
        warnings.add(warning("system property ", name, ConfigKey::property));
      }
    }
    for (String name : sources.variableNames()) {
      if (name.startsWith(ConfigKey.VARIABLE_PREFIX) && !isKnown(name, ConfigKey::variable)) {
        warnings.add(warning("environment variable ", name, ConfigKey::variable));
      }
    }
    if (file != null) {
      addLines(warnings, file);
    }
    Collections.sort(warnings);
    return warnings;
  }

  private static void addLines(List<String> warnings, SettingsFile file) {
    for (PropertiesFile.Line line : file.lines()) {
      String key = line.key();
      boolean meant = key.startsWith(ConfigKey.PROPERTY_PREFIX) || file.isOurs();
      if (key.equals(Keys.FILE.property())) {
        warnings.add(file.source(line) + ": " + key + " has no effect inside a file");
      } else if (meant && !isKnown(key, ConfigKey::property)) {
        String full = Keys.find(key) == null ? key : ConfigKey.PROPERTY_PREFIX + key;
        warnings.add(file.source(line) + ": " + unknown(key, full, ConfigKey::property));
      }
    }
  }

  private static String warning(String kind, String name, Function<ConfigKey<?>, String> spelling) {
    return kind + unknown(name, name, spelling);
  }

  private static String unknown(
      String name, String compared, Function<ConfigKey<?>, String> spelling) {
    List<String> candidates = new ArrayList<>();
    for (ConfigKey<?> key : Keys.all()) {
      candidates.add(spelling.apply(key));
    }
    String nearest = Nearest.match(compared, candidates);
    return Printable.line(name)
        + " is not a setting and has no effect"
        + (nearest == null ? "" : "; did you mean " + nearest + "?");
  }

  private static boolean isKnown(String name, Function<ConfigKey<?>, String> spelling) {
    for (ConfigKey<?> key : Keys.all()) {
      if (spelling.apply(key).equals(name)) {
        return true;
      }
    }
    return false;
  }
}
