package io.plumbline.mlflow;

/** Carries a refusal to the one who knows what it means for what was asked. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Refusal refusal;

  Refused(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
