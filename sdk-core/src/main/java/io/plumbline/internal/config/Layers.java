package io.plumbline.internal.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks a key up in one layer after another. */
final class Layers {

  /**
   * What a layer has for a key.
   *
   * @param text the text of the value
   * @param source where it stands, for people
   * @param layer which layer it is
   */
  record Found(String text, String source, Layer layer) {}

  private final Map<ConfigKey<?>, String> code;
  private final Sources sources;
  private final @Nullable SettingsFile file;

  /**
   * Makes the layers.
   *
   * @param code what the code has set
   * @param sources the properties and variables
   * @param file the settings file, or null when there is none, or it is not known yet
   */
  Layers(Map<ConfigKey<?>, String> code, Sources sources, @Nullable SettingsFile file) {
    this.code = code;
    this.sources = sources;
    this.file = file;
  }

  /** Returns what the strongest layer has, or null when none has it. */
  @Nullable Found find(ConfigKey<?> key) {
    String inCode = code.get(key);
    if (inCode != null) {
      return new Found(inCode, "code", Layer.CODE);
    }
    String property = unlessBlank(sources.property(key.property()));
    if (property != null) {
      return new Found(property, "system property ".concat(key.property()), Layer.PROPERTY);
    }
    Found variable = variable(key.variable(), Layer.VARIABLE);
    for (String name : key.mlflowVariables()) {
      variable = variable == null ? variable(name, Layer.MLFLOW_VARIABLE) : variable;
    }
    Found found = variable == null ? inFile(key) : variable;
    for (String name : key.commonVariables()) {
      found = found == null ? variable(name, Layer.COMMON_VARIABLE) : found;
    }
    return found;
  }

  private @Nullable Found variable(String name, Layer layer) {
    String text = unlessBlank(sources.variable(name));
    return text == null ? null : new Found(text, "environment variable ".concat(name), layer);
  }

  private @Nullable Found inFile(ConfigKey<?> key) {
    PropertiesFile.Line line = file == null ? null : file.line(key);
    if (file == null || line == null || line.value().isBlank()) {
      return null;
    }
    return new Found(line.value(), file.source(line), Layer.FILE);
  }

  /** Outside the code, a blank value is none: many tools can empty a variable, but not unset it. */
  private static @Nullable String unlessBlank(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
