package io.plumbline.internal.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A setting that the SDK knows: its name, what its value may be, its default, and the names under
 * which it is looked up. All of them stand in {@link Keys}.
 *
 * @param <T> the type of the value
 */
public final class ConfigKey<T> {

  static final String PROPERTY_PREFIX = "plumbline.";
  static final String VARIABLE_PREFIX = "PLUMBLINE_";

  private final String name;
  private final ValueType<T> type;
  private final @Nullable String defaultText;
  private final String doc;
  private final List<String> mlflowVariables;
  private final List<String> commonVariables;
  private final ValueType<T> mlflowType;
  private final String property;
  private final String variable;

  /**
   * Makes a key.
   *
   * @param name the name without prefix, in lower case, such as {@code journal.fsync}
   * @param type what the value may be
   * @param defaultText the default as text, or null when there is none, or a rule finds it
   * @param doc one or two sentences for the user; for a key whose default is found by a rule, the
   *     rule too
   * @param mlflowVariables the variables of MLflow that are asked after the key's own one
   */
  ConfigKey(
      String name,
      ValueType<T> type,
      @Nullable String defaultText,
      String doc,
      String... mlflowVariables) {
    this(name, type, defaultText, doc, List.of(mlflowVariables), type, List.of());
  }

  private ConfigKey(
      String name,
      ValueType<T> type,
      @Nullable String defaultText,
      String doc,
      List<String> mlflowVariables,
      ValueType<T> mlflowType,
      List<String> commonVariables) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.doc = doc;
    this.mlflowVariables = mlflowVariables;
    this.mlflowType = mlflowType;
    this.commonVariables = commonVariables;
    this.property = PROPERTY_PREFIX.concat(name);
    this.variable = VARIABLE_PREFIX.concat(name.toUpperCase(Locale.ROOT).replace('.', '_'));
  }

  /** The same key, for which MLflow's variables have a form of their own. */
  ConfigKey<T> mlflowForm(ValueType<T> form) {
    return new ConfigKey<>(name, type, defaultText, doc, mlflowVariables, form, commonVariables);
  }

  /**
   * The same key, for which variables that are not meant for us alone are asked last, after the
   * file.
   */
  ConfigKey<T> lastResort(String... variables) {
    return new ConfigKey<>(
        name, type, defaultText, doc, mlflowVariables, mlflowType, List.of(variables));
  }

  /** Returns the name without prefix, such as {@code journal.fsync}. */
  public String name() {
    return name;
  }

  /**
   * Returns the full name, such as {@code plumbline.journal.fsync}: a system property and a line of
   * the file.
   */
  public String property() {
    return property;
  }

  /** Returns the environment variable, such as {@code PLUMBLINE_JOURNAL_FSYNC}. */
  public String variable() {
    return variable;
  }

  /** Returns the variables of MLflow that are asked after the key's own one. */
  public List<String> mlflowVariables() {
    return mlflowVariables;
  }

  /** Returns the variables of all programs that are asked last, after the file. */
  public List<String> commonVariables() {
    return commonVariables;
  }

  /** Returns the default as text, or null when there is none, or a rule finds it. */
  public @Nullable String defaultText() {
    return defaultText;
  }

  /** Returns what the key is for. */
  public String doc() {
    return doc;
  }

  /** Returns what is accepted, such as {@code none, interval, batch}. */
  public String accepted() {
    return type.accepted();
  }

  /** Returns whether the value must never be shown. */
  public boolean isSecret() {
    return type instanceof SecretType;
  }

  ValueType<T> type() {
    return type;
  }

  /** Returns what a value may be in a layer. */
  ValueType<T> type(Layer layer) {
    return layer == Layer.MLFLOW_VARIABLE ? mlflowType : type;
  }

  /** Returns the full name. */
  @Override
  public String toString() {
    return property;
  }
}
