package io.plumbline.tracking;

/** What to do when the run to be started exists already, or does not. */
public enum Resume {
  /** The run must not exist yet. */
  NEVER,
  /** Goes on with the run if it exists, else starts it under that id. */
  ALLOW,
  /** The run must exist. */
  MUST
}
