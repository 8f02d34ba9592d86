package io.plumbline.drift;

import io.plumbline.PlumblineException;

/**
 * Thrown when data is not what a model may be trained with. The message lists every failure; {@link
 * #result} has the findings.
 */
public final class DataCheckException extends PlumblineException {
  private static final long serialVersionUID = 1;

  private final transient DataCheck.Result result;

  DataCheckException(DataCheck.Result result) {
    super(result.toString());
    this.result = result;
  }

  /** What the check found. */
  public DataCheck.Result result() {
    return result;
  }
}
