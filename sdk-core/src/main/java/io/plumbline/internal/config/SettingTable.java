package io.plumbline.internal.config;

import io.plumbline.ConfigException;
import java.util.HashMap;
import java.util.Map;

/** The settings found so far. */
final class SettingTable {

  private final Map<ConfigKey<?>, Setting<?>> settings = new HashMap<>();
  private final Map<ConfigKey<?>, ConfigException> unusable = new HashMap<>();

  void put(Setting<?> setting) {
    settings.put(setting.key(), setting);
  }

  /** Keeps what is wrong with a key's value, in case that the value is needed. */
  void unusable(ConfigKey<?> key, ConfigException why) {
    unusable.put(key, why);
  }

  /**
   * Sets a key that was found aside.
   *
   * @param why what people read as its source
   */
  <T> void drop(ConfigKey<T> key, String why) {
    unusable.remove(key);
    put(new Setting<>(key, null, "not used: " + why, get(key).layer()));
  }

  /** Throws what is wrong with a value that would be needed. */
  void requireUsable() {
    for (ConfigException why : unusable.values()) {
      throw why;
    }
  }

  @SuppressWarnings("unchecked") // put() keeps each key with a setting of its own type
  <T> Setting<T> get(ConfigKey<T> key) {
    Setting<?> setting = settings.get(key);
    if (setting == null) {
      throw new IllegalStateException(key + " is looked at before it is resolved");
    }
    return (Setting<T>) setting;
  }

  Map<ConfigKey<?>, Setting<?>> all() {
    return settings;
  }

  /** Returns what is thrown when a setting cannot be used. */
  static ConfigException bad(Setting<?> setting, String problem, String accepted) {
    return new ConfigException(setting.key().property(), setting.source(), problem, accepted);
  }
}
