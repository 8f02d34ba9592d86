package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Dataset inputs")
class InputsTest {
  private TrackingClient tracking;
  private Tracker tracker;

  @BeforeEach
  void open(@TempDir Path folder) {
    tracking = Stores.open(folder);
    tracker = tracking.start("inputs");
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  private List<DatasetInput> inputs() {
    return tracking.get(tracker.id()).inputs();
  }

  @Test
  @DisplayName("of a CSV file keep name, digest, source, schema, row count and context")
  void csv(@TempDir Path files) throws IOException {
    Path file = files.resolve("flights.csv");
    Files.writeString(file, "origin,delay\nJFK,1.5\nLGA,2\n");
    DatasetInput logged = tracker.logInput(Dataset.file(file), "training");
    assertThat(inputs()).containsExactly(logged);
    Dataset dataset = inputs().get(0).dataset();
    assertThat(inputs().get(0).context()).isEqualTo("training");
    assertThat(dataset.name()).contains("flights");
    assertThat(dataset.digest()).matches("[0-9a-f]{32}");
    assertThat(dataset.source()).contains("flights.csv");
    assertThat(dataset.schema()).contains("origin", "delay", "double");
    assertThat(dataset.profile()).contains("2");
  }

  @Test
  @DisplayName("of directories and arrays are kept too; the same one in one context is kept once")
  void kinds(@TempDir Path files) throws IOException {
    Files.writeString(files.resolve("a.txt"), "a");
    Dataset array = Dataset.of("array", new double[][] {{1, 2}, {3, 4}}, List.of("x", "y"));
    tracker.logInput(Dataset.dir(files).withName("tree"), "training");
    tracker.logInput(array, "training");
    tracker.logInput(array, "validation");
    tracker.logInput(array, "training");
    assertThat(inputs())
        .extracting(input -> input.dataset().name() + " " + input.context())
        .containsExactly("tree training", "array training", "array validation");
  }

  @Test
  @DisplayName("are still there when the run has ended and was resumed")
  void resumed() {
    Dataset array = Dataset.of("array", new double[][] {{1, 2}}, List.of("x", "y"));
    tracker.logInput(array, "training");
    tracker.finish();
    try (Tracker again = tracking.resume(tracker.id(), Resume.MUST)) {
      again.logInput(array, "test");
      again.finish();
    }
    Run run = tracking.get(tracker.id());
    assertThat(run.inputs()).extracting(DatasetInput::context).containsExactly("training", "test");
  }
}
