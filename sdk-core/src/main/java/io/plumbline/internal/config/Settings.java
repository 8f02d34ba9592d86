package io.plumbline.internal.config;

import io.plumbline.ConfigException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The values of all keys and where they came from; immutable. */
public final class Settings {

  private final Map<ConfigKey<?>, Setting<?>> settings;
  private final List<String> warnings;
  private final Map<ConfigKey<?>, ConfigException> unusable;

  Settings(
      Map<ConfigKey<?>, Setting<?>> settings,
      List<String> warnings,
      Map<ConfigKey<?>, ConfigException> unusable) {
    this.settings = Map.copyOf(settings);
    this.warnings = List.copyOf(warnings);
    this.unusable = Collections.unmodifiableMap(new LinkedHashMap<>(unusable));
  }

  /**
   * Asks all layers for all keys.
   *
   * @param sources the layers outside the code
   * @param code what the code has set, as text
   * @throws io.plumbline.ConfigException when a value cannot be used
   */
  public static Settings load(Sources sources, Map<ConfigKey<?>, String> code) {
    return SettingsLoader.load(sources, code, false);
  }

  /**
   * Returns the keys of a file that would be settings if they began with {@code plumbline.}, in
   * order; none if it cannot be read.
   */
  public static SortedSet<String> withoutPrefix(Path file) {
    SortedSet<String> keys = new TreeSet<>();
    try {
      for (PropertiesFile.Line line : SettingsFile.read(file).lines()) {
        ConfigKey<?> key = Keys.find(line.key());
        if (key != null && !key.property().equals(line.key())) {
          keys.add(line.key());
        }
      }
    } catch (BadValueException e) {
      return keys; // who reads it for its values has said so
    }
    return keys;
  }

  /** Returns the value of a key, or null when it has no default and was not set. */
  public <T> @Nullable T value(ConfigKey<T> key) {
    return setting(key).value();
  }

  /**
   * Returns the value of a key as text: empty when there is none, {@code [hidden]} for a secret,
   * {@code [unusable]} when it cannot be used.
   */
  public String text(ConfigKey<?> key) {
    return unusable.containsKey(key) ? "[unusable]" : setting(key).text();
  }

  /** Returns where the value of a key came from, for people. */
  public String source(ConfigKey<?> key) {
    ConfigException why = unusable.get(key);
    return why == null ? setting(key).source() : why.source();
  }

  /** Returns a sentence for each name that nobody knows and each line that replaces another. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Asks all layers, to be explained: a value that cannot be used is marked, and is one of the
   * {@link #problems()}.
   */
  public static Settings explained(Sources sources, Map<ConfigKey<?>, String> code) {
    return SettingsLoader.load(sources, code, true);
  }

  /** Returns these settings, of which one more cannot be used. */
  public Settings without(ConfigKey<?> key, ConfigException why) {
    Map<ConfigKey<?>, ConfigException> more = new LinkedHashMap<>(unusable);
    more.putIfAbsent(key, why);
    return new Settings(settings, warnings, more);
  }

  /** Returns why values cannot be used. */
  public List<ConfigException> problems() {
    return List.copyOf(unusable.values());
  }

  @SuppressWarnings("unchecked") // the loader keeps each key with a setting of its own type
  private <T> Setting<T> setting(ConfigKey<T> key) {
    Setting<?> setting = settings.get(key);
    if (setting == null) {
      throw new IllegalArgumentException(key + " is not one of the keys of Keys.all()");
    }
    return (Setting<T>) setting;
  }
}
