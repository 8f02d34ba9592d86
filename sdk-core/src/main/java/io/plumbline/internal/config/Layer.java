package io.plumbline.internal.config;

/** The layers that are asked for a setting; the first that has it decides. */
enum Layer {
  /** The code that builds the configuration. */
  CODE,
  /** A system property {@code plumbline.*}. */
  PROPERTY,
  /** An environment variable {@code PLUMBLINE_*}. */
  VARIABLE,
  /** A variable that MLflow's own clients read. */
  MLFLOW_VARIABLE,
  /** The settings file. */
  FILE,
  /** The file with credentials that MLflow's own clients read. */
  MLFLOW_FILE,
  /** An environment variable that all programs read, such as {@code HTTPS_PROXY}. */
  COMMON_VARIABLE,
  /** Nobody has set it. */
  DEFAULT
}
