package io.plumbline.drift;

/** What a comparison says; the later ones weigh more. */
public enum Verdict {
  /** Too few rows to say anything; merge the window into the next one. */
  INSUFFICIENT,
  /** Nothing beyond chance, or too little to matter. */
  OK,
  /** It moved; somebody should look. */
  WARN,
  /** It moved far; what the model says may no longer hold. */
  ALERT;

  /** Whether it is a warning or an alert. */
  public boolean alarms() {
    return this == WARN || this == ALERT;
  }
}
