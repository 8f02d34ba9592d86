package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.util.Locale;

/**
 * A stage of the old kind, which MLflow has replaced by aliases: here each is the alias of its name
 * in lower case.
 */
public enum Stage {
  STAGING("Staging"),
  PRODUCTION("Production"),
  ARCHIVED("Archived");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  /** Returns MLflow's name of it, such as {@code Production}. */
  public String label() {
    return label;
  }

  /** Returns the alias that stands for it, such as {@code production}. */
  public String alias() {
    return label.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the stage of a name, in whatever case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Stage of(String name) {
    for (Stage stage : values()) {
      if (stage.label.equalsIgnoreCase(name)) {
        return stage;
      }
    }
    throw new IllegalArgumentException(
        Printable.quote(name)
            + " is neither a version, 'latest', nor a stage (Staging, Production, Archived)");
  }
}
