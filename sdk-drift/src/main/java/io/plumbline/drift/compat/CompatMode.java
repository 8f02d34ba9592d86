package io.plumbline.drift.compat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A tool whose own numbers are reproduced. */
public enum CompatMode {
  /** Evidently's data drift preset. */
  EVIDENTLY("Evidently 0.7.23"),
  /** NannyML's univariate drift calculator. */
  NANNYML("NannyML 0.13.1"),
  /** The statistics and p-values of scipy, which decides nothing. */
  SCIPY("scipy 1.17.1");

  private final String tool;

  CompatMode(String tool) {
    this.tool = tool;
  }

  /** The tool and the version whose numbers the golden vectors hold. */
  public String tool() {
    return tool;
  }

  /** The mode's name on the command line, such as {@code evidently}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the mode of a name.
   *
   * @throws IllegalArgumentException if there is none; it names those that there are
   */
  public static CompatMode of(String key) {
    List<String> known = Arrays.stream(values()).map(CompatMode::key).toList();
    int found = known.indexOf(key.toLowerCase(Locale.ROOT));
    if (found < 0) {
      throw new IllegalArgumentException(
          "no compatibility mode is called \"" + key + "\"; there are " + known);
    }
    return values()[found];
  }

  /** Compares two sets of columns with the tool's defaults. */
  public CompatReport compare(Columns reference, Columns current) {
    return switch (this) {
      case EVIDENTLY -> Compat.evidently().compare(reference, current);
      case NANNYML -> Compat.nannyMl().compare(reference, current);
      case SCIPY -> Compat.scipy().compare(reference, current);
    };
  }
}
