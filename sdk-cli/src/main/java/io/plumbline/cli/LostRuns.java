package io.plumbline.cli;

import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Ends, on the server, the runs whose program has died: nobody else does, and they would go on
 * there for ever. A server has no word for lost; what was cut off from outside is KILLED there. In
 * the store they stay lost, and who resumes one has it running again on both sides.
 */
final class LostRuns {
  private final StoreView store;
  private final RunStore server;
  private final String destination;

  LostRuns(StoreView store, RunStore server, String destination) {
    this.store = store;
    this.server = server;
    this.destination = destination;
  }

  /** Ends those that go on there; returns how many. All that they have logged must be there. */
  int end() {
    int ended = 0;
    for (Run run : store.runs().all()) {
      if (run.status() == RunStatus.LOST && !run.deleted() && end(run)) {
        ended++;
      }
    }
    return ended;
  }

  private boolean end(Run run) {
    Optional<String> id = Delivered.run(store.root(), run.id(), destination);
    Optional<Run> there = id.flatMap(server::find);
    if (there.isEmpty()
        || there.get().deleted()
        || there.get().status() != RunStatus.RUNNING
        || Delivered.isAdopted(store.root(), run.id(), destination)) { // the job ends it
      return false;
    }
    long end = lastSign(run).toEpochMilli();
    server.apply(
        there.get().id(),
        "lost:" + run.id(),
        List.of(new RunUpdate.SetStatus(RunStatus.KILLED, end)));
    return true;
  }

  private static Instant lastSign(Run run) {
    long last = run.startTime().toEpochMilli();
    for (MetricSummary metric : run.metrics().values()) {
      last = Math.max(last, metric.lastTimestamp());
    }
    return Instant.ofEpochMilli(last);
  }
}
