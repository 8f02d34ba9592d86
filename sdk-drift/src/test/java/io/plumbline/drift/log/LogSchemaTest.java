package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.log.LogColumn.Kind;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The schema of a prediction log, and its rows")
class LogSchemaTest {
  private static LogSchemaBuilder of(Feature... features) {
    return LogSchema.builder("m", "1", FeatureSchema.of(features));
  }

  @Test
  @DisplayName(
      "The system columns come first, then the features with their names, then the prediction")
  void order() {
    LogSchema schema = Sample.everything();
    List<String> names = schema.columns().stream().map(LogColumn::name).toList();
    assertThat(names.subList(0, 16))
        .containsExactly(
            "_ts",
            "_request_id",
            "_entity_id",
            "_model",
            "_model_version",
            "_alias",
            "_profile_id",
            "_schema_hash",
            "_role",
            "_status",
            "_latency_us",
            "_sample_rate",
            "_trace_id",
            "_slice",
            "_endpoint",
            "_host");
    assertThat(names.subList(16, names.size()))
        .containsExactly(
            "temp",
            "small",
            "count",
            "flag",
            "note",
            "origin",
            "when",
            "vector",
            "prediction",
            "prediction_score",
            "proba_late",
            "proba_on time",
            "prediction_threshold");
    for (SystemColumn column : SystemColumn.values()) {
      assertThat(schema.position(column.columnName())).isEqualTo(column.position());
    }
    assertThat(schema.columns().get(schema.position("origin")).role())
        .isEqualTo(LogColumn.Role.CONTEXT);
    assertThat(schema.metadata())
        .containsEntry("plumbline.format", "1")
        .containsEntry("plumbline.transform_digest", "transform-1")
        .containsEntry("plumbline.privacy", "{\"note\":\"truncate\"}");
  }

  @Test
  @DisplayName("A reserved name is refused with the remedy, and taken under another name")
  void reservedNames() {
    for (String name : List.of("_x", "prediction", "prediction_score", "target")) {
      LogSchemaBuilder builder = of(Feature.of(name, DataType.DOUBLE));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + name + "' has a name that the log reserves")
          .hasMessageContaining("rename(feature, column)");
      LogSchema schema = builder.rename(name, "x").build();
      assertThat(schema.positionOfFeature(name)).isEqualTo(schema.position("x"));
      assertThat(schema.metadata()).containsEntry("plumbline.renamed", "{\"" + name + "\":\"x\"}");
    }
    assertThatThrownBy(
            () -> of(Feature.of("proba_a", DataType.DOUBLE)).probabilities(List.of("a")).build())
        .hasMessageContaining("two columns of the log are named 'proba_a'");
  }

  @Test
  @DisplayName("What cannot be logged is refused with the remedy")
  void refusals() {
    LogSchemaBuilder binary = of(Feature.of("photo", DataType.BINARY));
    assertThatThrownBy(binary::build).hasMessageContaining("leave it out with drop(...)");
    LogSchema without = binary.drop("photo").build();
    assertThat(without.positionOfFeature("photo")).isEqualTo(-1);
    assertThat(without.dropped()).containsExactly(Map.entry("photo", "input"));
    assertThat(without.metadata()).containsEntry("plumbline.dropped", "{\"photo\":\"input\"}");
    assertThat(SchemaFile.json(without))
        .containsEntry("dropped", List.of(Map.of("name", "photo", "role", "input")));
    LogSchema text = of(Feature.of("photo", DataType.BINARY)).text("photo").build();
    assertThat(text.columns().get(text.position("photo")).kind()).isEqualTo(Kind.TEXT);
    assertThatThrownBy(() -> of().categories("no", List.of()))
        .hasMessageContaining("there is no feature 'no'");
    assertThatThrownBy(
            () -> of(Feature.of("x", DataType.DOUBLE)).categories("x", List.of("a")).build())
        .hasMessageContaining("only text has");
    assertThatThrownBy(() -> of().target().build()).hasMessageContaining("predictsNumber()");
  }

  @Test
  @DisplayName("A value of another kind names the column; a row without its id is refused whole")
  void wrongValues() {
    LogSchema schema = Sample.everything();
    RowBatch row = new RowBatch(new RowStore(schema, 10));
    assertThatThrownBy(() -> row.setText(schema.position("temp"), "hot"))
        .hasMessage("the column 'temp' does not take text: its kind is DOUBLE");
    assertThatThrownBy(() -> row.setDouble(schema.position("note"), 1))
        .hasMessageContaining("'note' does not take a double");
    assertThatThrownBy(() -> row.setText(SystemColumn.MODEL.position(), "other"))
        .hasMessageContaining("it is the same in every row");
    assertThatThrownBy(() -> row.setText(SystemColumn.ROLE.position(), "boss"))
        .hasMessageContaining("_role takes primary, shadow, fallback, batch, not 'boss'");
    assertThatThrownBy(() -> row.setCategory(schema.position("origin"), 2))
        .hasMessageContaining("there is no category 2 in column 'origin', which knows 2");
    assertThatThrownBy(() -> row.setEmbedding(schema.position("vector"), new float[2]))
        .hasMessageContaining("its kind is EMBEDDING[3]");
    row.setLong(SystemColumn.TS.position(), 1);
    assertThatThrownBy(row::endRow)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a row has no _request_id, which every row must have");
    assertThat(row.rows()).isZero();
  }

  @Test
  @DisplayName("Filling rows allocates nothing once the buffers have their size")
  void allocation() {
    LogSchema schema = Sample.everything();
    RowStore store = new RowStore(schema, 1_000);
    RowBatch row = new RowBatch(store);
    byte[] id = "request-12345".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    float[] vector = {1, 2, 3};
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      store.reset();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        row.setLong(SystemColumn.TS.position(), i);
        row.setText(SystemColumn.REQUEST_ID.position(), id, 0, id.length);
        row.setDouble(16, i);
        row.setText(20, "ağaç 🌳");
        row.setText(21, i % 2 == 0 ? "JFK" : "new");
        row.setEmbedding(23, vector);
        if (i % 3 == 0) {
          row.setBoolean(19, true);
        }
        row.endRow();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(100);
  }
}
