package io.plumbline.test;

import io.plumbline.model.Run;
import io.plumbline.tracking.TrackingClient;
import org.jspecify.annotations.Nullable;

/**
 * AssertJ assertions on runs; import {@code assertThat} from here beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(run)
 *     .isFinished()
 *     .hasParam("max_depth", "6")
 *     .hasMetricSatisfying("auc", auc -> assertThat(auc).isGreaterThan(0.8));
 * assertThat(tracking, run.id()).hasArtifact("roc.png").hasHistory("loss", 0.9, 0.5);
 * }</pre>
 */
public final class PlumblineAssertions {
  private PlumblineAssertions() {}

  /** Begins assertions on a run as it was read. */
  public static RunAssert assertThat(@Nullable Run run) {
    return new RunAssert(run);
  }

  /**
   * Begins assertions on a run as it is in the store now, with its artifacts and histories.
   *
   * @throws io.plumbline.NotFoundException if there is none with that id
   */
  public static StoredRunAssert assertThat(TrackingClient tracking, String runId) {
    return new StoredRunAssert(tracking, tracking.get(runId));
  }
}
