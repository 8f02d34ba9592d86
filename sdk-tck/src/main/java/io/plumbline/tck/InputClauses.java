package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.spi.RunUpdate;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for dataset inputs. */
abstract class InputClauses extends Clauses {
  private static final Dataset FLIGHTS =
      new Dataset(
          "flights 数据",
          "0123456789abcdef",
          "local",
          "{\"uri\":\"file:///data/flights.csv\"}",
          "{\"mlflow_colspec\":[{\"name\":\"dep_delay\",\"type\":\"double\"}]}",
          "{\"num_rows\":54558}");

  InputClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName("INP-1 A dataset input comes back with all its texts and its context")
  void readBack() {
    String run = run();
    apply(run, new RunUpdate.LogInput(new DatasetInput(FLIGHTS, "training", Map.of())));
    assertThat(read(run).inputs())
        .singleElement()
        .returns(FLIGHTS, DatasetInput::dataset)
        .returns("training", DatasetInput::context);
  }

  @Test
  @DisplayName("INP-2 A dataset input keeps its tags")
  void tags() {
    String run = run();
    DatasetInput input = new DatasetInput(FLIGHTS, "training", Map.of("months", "1-3"));
    apply(run, new RunUpdate.LogInput(input));
    assertThat(read(run).inputs()).singleElement().isEqualTo(input);
  }

  @Test
  @DisplayName("INP-3 The same dataset input again is kept once")
  void again() {
    String run = run();
    DatasetInput input = new DatasetInput(FLIGHTS, "training", Map.of());
    apply(run, new RunUpdate.LogInput(input), new RunUpdate.LogInput(input));
    apply(run, new RunUpdate.LogInput(input));
    assertThat(read(run).inputs()).hasSize(1);
  }

  @Test
  @DisplayName("INP-4 Datasets of one name and different digests are different inputs")
  void digests() {
    String run = run();
    Dataset later = new Dataset("flights 数据", "fedcba98", "local", "{}", "", "");
    apply(
        run,
        new RunUpdate.LogInput(new DatasetInput(FLIGHTS, "training", Map.of())),
        new RunUpdate.LogInput(new DatasetInput(later, "validation", Map.of())));
    assertThat(read(run).inputs())
        .extracting(input -> input.dataset().digest(), DatasetInput::context)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("0123456789abcdef", "training"),
            org.assertj.core.groups.Tuple.tuple("fedcba98", "validation"));
  }
}
