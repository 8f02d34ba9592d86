package io.plumbline.model;

/** The type of a column's values, with MLflow's names. */
public enum DataType {
  BOOLEAN("boolean"),
  /** 32 bits, signed. */
  INTEGER("integer"),
  /** 64 bits, signed. */
  LONG("long"),
  /** 32 bits. */
  FLOAT("float"),
  /** 64 bits. */
  DOUBLE("double"),
  STRING("string"),
  BINARY("binary"),
  DATETIME("datetime");

  private final String label;

  DataType(String label) {
    this.label = label;
  }

  /** MLflow's name, such as {@code double}. */
  public String label() {
    return label;
  }

  /**
   * The type of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DataType of(String label) {
    for (DataType type : values()) {
      if (type.label.equals(label)) {
        return type;
      }
    }
    throw new IllegalArgumentException("there is no data type '" + label + "'");
  }

  /**
   * Whether values of this type may stand for values of another: the same type, or one that holds
   * each of them exactly, by MLflow's rules. An integer becomes a long or a double, a float a
   * double; nothing else becomes anything else.
   */
  public boolean fits(DataType wanted) {
    return this == wanted
        || this == INTEGER && (wanted == LONG || wanted == DOUBLE)
        || this == FLOAT && wanted == DOUBLE;
  }

  /** Whether the values are numbers. */
  public boolean numeric() {
    return this == INTEGER || this == LONG || this == FLOAT || this == DOUBLE;
  }
}
