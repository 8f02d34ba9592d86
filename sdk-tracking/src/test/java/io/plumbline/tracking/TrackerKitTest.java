package io.plumbline.tracking;

import io.plumbline.spi.Backend;
import io.plumbline.tck.BackendKit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The embedded store, through Tracker and TrackingClient, passes the kit")
class TrackerKitTest extends BackendKit {
  @Override
  protected Backend open(Path place) {
    return new TrackerBackend(place);
  }

  @Override
  protected Map<String, String> exemptions() {
    return Map.ofEntries(
        Map.entry("EXP-7", "a client does not rename experiments"),
        Map.entry("EXP-8", "a client does not rename experiments"),
        Map.entry("RUN-2", "a tracker starts its run now, for the user of the configuration"),
        Map.entry("RUN-7", "a tracker ends its run now"),
        Map.entry("RUN-16", "a tracker chooses the run's id, and nobody has to ask for it"),
        Map.entry("PAR-4", "a tracker has no batch of params and other things"),
        Map.entry("PAR-5", "a map of params can't have two values for one key"),
        Map.entry("BAT-7", "a tracker has no batch of params and other things"),
        Map.entry(
            "TWO-3", "a tracker does not read before it writes; the run warns of the conflict"),
        Map.entry("MET-2", "a tracker logs points at the current time"),
        Map.entry("MET-6", "a tracker logs points at the current time"),
        Map.entry("INP-2", "a tracker logs dataset inputs without tags"),
        Map.entry("SEA-8", "a tracker starts its run now, and the test looks for times of its own"),
        Map.entry("SEQ-1", "closing a client ends its runs, which the model does not know"));
  }
}
