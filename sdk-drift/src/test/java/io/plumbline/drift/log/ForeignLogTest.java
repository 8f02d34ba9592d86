package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A log that another program has written")
class ForeignLogTest {
  @TempDir private Path folder;

  private static LogSchema schema() {
    FeatureSchema features =
        FeatureSchema.of(
            Feature.of("temp", DataType.DOUBLE), Feature.context("seen", DataType.DOUBLE));
    return LogSchema.builder("flights", "3", features).embedding("vector", 2).build();
  }

  private void write(LogOptions options) {
    LogSchema schema = schema();
    try (PredictionLogWriter log = PredictionLogWriter.open(folder, options)) {
      for (int i = 0; i < 100; i++) {
        RowBatch row = log.row(schema, Sample.START + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
        row.setDouble(schema.position("temp"), i);
        row.setDouble(schema.position("seen"), i);
        row.setEmbedding(schema.position("vector"), new float[] {i, 1});
        row.endRow();
      }
    }
  }

  @Test
  @DisplayName("in a later format is refused by a message that names file and format")
  void laterFormat() throws Exception {
    write(LogOptions.DEFAULT.withFormat(LogOptions.Format.JSON_LINES));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.endsWith("_schema.json")).toList()) {
        String text = Files.readString(file);
        String later = text.replace("\"plumbline.format\": \"1\"", "\"plumbline.format\": \"2\"");
        assertThat(later).isNotEqualTo(text);
        Files.writeString(file, later);
      }
    }
    try (PredictionLogReader log = PredictionLogReader.open(folder, LogFilter.ALL)) {
      assertThatThrownBy(log::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("part-")
          .hasMessageContaining("'2'")
          .hasMessageContaining("later version");
    }
  }

  @Test
  @DisplayName("has new columns where a profile does not know them, but for embeddings")
  void newColumns() {
    write(LogOptions.DEFAULT);
    Profile profile = Profile.builder().add("temp", new double[] {1, 2, 3}).build();
    ProfileCounter counter = profile.counter();
    try (PredictionLogReader log = PredictionLogReader.open(folder, LogFilter.ALL)) {
      counter.countAll(Objects.requireNonNull(log.next()));
    }
    List<String> others = counter.take().otherColumns();
    assertThat(others).contains("seen").doesNotContain("vector");
  }
}
