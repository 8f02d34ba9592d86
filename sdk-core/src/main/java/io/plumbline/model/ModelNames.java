package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Checks the names of registered models, of aliases and of files in a package: what MLflow takes,
 * and nothing that its URIs or a file system can't say.
 */
public final class ModelNames {
  private static final int MAX_MODEL = 250;
  private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9_-]{1,250}");
  private static final Pattern MODEL_ID = Pattern.compile("m-[0-9a-f]{32}");
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,255}");

  private ModelNames() {}

  /**
   * Checks the name of a registered model, and returns it.
   *
   * @throws IllegalArgumentException if it is refused
   */
  public static String model(String name) {
    Objects.requireNonNull(name, "name");
    String why = null;
    if (name.isBlank()) {
      why = "is blank";
    } else if (name.codePointCount(0, name.length()) > MAX_MODEL) {
      why = "has more than " + MAX_MODEL + " characters";
    } else if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0 || name.indexOf('\\') >= 0) {
      why = "has a slash, a backslash or a colon, which its URI can't say";
    } else if (name.chars().anyMatch(Character::isISOControl)) {
      why = "has a control character";
    } else if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      why = "has half a surrogate pair";
    } else if (!name.strip().equals(name)) {
      why = "begins or ends with a blank";
    } else if (name.equals(".") || name.equals("..")) {
      why = "is a folder's own name";
    }
    if (why != null) {
      throw new IllegalArgumentException("the model name " + Printable.quote(name) + " " + why);
    }
    return name;
  }

  /**
   * Checks an alias, and returns it.
   *
   * @throws IllegalArgumentException if it is refused
   */
  public static String alias(String alias) {
    Objects.requireNonNull(alias, "alias");
    String lower = alias.toLowerCase(Locale.ROOT);
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException(
          "the alias " + Printable.quote(alias) + " must be 1 to 250 letters, digits, '_' or '-'");
    }
    if (lower.equals("latest") || lower.matches("v?[0-9]+")) {
      throw new IllegalArgumentException(
          "the alias " + Printable.quote(alias) + " would be read as a version; choose a word");
    }
    return alias;
  }

  /**
   * Checks the name of a file in a package, and returns it: it is relative, leads nowhere else, and
   * means one file on every file system.
   *
   * @throws IllegalArgumentException if it is refused
   */
  public static String part(String name) {
    PartNames.check(Objects.requireNonNull(name, "name"));
    return name;
  }

  static String modelId(String id) {
    if (!MODEL_ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          Printable.quote(id)
              + " is neither a model's id (m- and 32 hex digits) nor followed by a version or alias");
    }
    return id;
  }

  static String run(String id) {
    if (!RUN.matcher(id).matches()) {
      throw new IllegalArgumentException(Printable.quote(id) + " is no run's id");
    }
    return id;
  }
}
