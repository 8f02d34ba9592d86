package io.plumbline.model;

/** The state of a run: where it is between its start and its end. */
public enum RunStatus {
  /** Planned but not started; Plumbline never sets it, servers may. */
  SCHEDULED,
  /** Started and not ended. */
  RUNNING,
  /** Ended by its program, in order. */
  FINISHED,
  /** Ended by an exception, or closed without having been finished. */
  FAILED,
  /** Ended because its process was asked to stop. */
  KILLED,
  /**
   * Never ended, and its process is gone. No run is written with this status: readers derive it
   * from a heartbeat that stopped, so a lost run can still be resumed.
   */
  LOST,
  /** A status that a newer server or store knows and this version does not. */
  UNKNOWN;

  /** Returns whether a run with this status has ended. */
  public boolean ended() {
    return this == FINISHED || this == FAILED || this == KILLED;
  }

  /**
   * Returns the status of that name, in any case, or {@link #UNKNOWN}: newer servers may send new
   * names.
   */
  public static RunStatus of(String name) {
    for (RunStatus status : values()) {
      if (status.name().equalsIgnoreCase(name)) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
