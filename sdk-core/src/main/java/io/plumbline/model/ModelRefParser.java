package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads references to models. */
final class ModelRefParser {
  /** What begins every reference but those by run. */
  static final String SCHEME = "models:/";

  /** What begins a reference by run. */
  static final String RUNS = "runs:/";

  /** What stands before a digest. */
  static final String SHA256 = "sha256:";

  /** The form of a digest. */
  static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private ModelRefParser() {}

  static ModelRef parse(String text) {
    try {
      if (text.startsWith(RUNS)) {
        return byRun(text.substring(RUNS.length()));
      }
      return byModel(withoutScheme(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Printable.quote(text)
              + " is no reference to a model: "
              + e.getMessage()
              + ". Use models:/NAME/VERSION, models:/NAME@ALIAS, models:/NAME/latest,"
              + " models:/NAME@sha256:DIGEST, models:/MODEL_ID or runs:/RUN_ID/NAME",
          e);
    }
  }

  /** One or three slashes may follow the scheme, as in MLflow: behind two there is a host. */
  private static String withoutScheme(String text) {
    if (!text.startsWith(SCHEME)) {
      if (text.contains(":/")) {
        throw new IllegalArgumentException("its scheme is neither models: nor runs:");
      }
      return text;
    }
    String rest = text.substring(SCHEME.length());
    if (rest.startsWith("//")) {
      return rest.substring(2);
    }
    if (rest.startsWith("/")) {
      throw new IllegalArgumentException("it names a host");
    }
    return rest;
  }

  private static ModelRef byRun(String rest) {
    int slash = rest.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("the name of the run's model is missing");
    }
    return new ModelRef.ByRun(rest.substring(0, slash), rest.substring(slash + 1));
  }

  private static ModelRef byModel(String rest) {
    int slash = rest.indexOf('/');
    if (slash >= 0) {
      return bySuffix(rest.substring(0, slash), rest.substring(slash + 1));
    }
    int digest = rest.lastIndexOf("@" + SHA256);
    if (digest > 0) {
      return new ModelRef.ByDigest(
          rest.substring(0, digest), rest.substring(digest + 1 + SHA256.length()));
    }
    int at = rest.lastIndexOf('@');
    return at < 0
        ? new ModelRef.ById(rest)
        : new ModelRef.ByAlias(rest.substring(0, at), rest.substring(at + 1));
  }

  private static ModelRef bySuffix(String name, String suffix) {
    if (suffix.contains("/")) {
      throw new IllegalArgumentException("it has too many parts");
    }
    if (NUMBER.matcher(suffix).matches()) {
      return new ModelRef.ByVersion(name, number(suffix));
    }
    return suffix.toLowerCase(Locale.ROOT).equals("latest")
        ? new ModelRef.Latest(name)
        : new ModelRef.ByStage(name, Stage.of(suffix));
  }

  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the version " + digits + " is too large", e);
    }
  }
}
