package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Secret;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A prediction logger, of what may be kept,")
class LoggedPrivacyTest extends LoggedFlights {
  @Test
  @DisplayName("keeps of each column what its privacy allows, and leaves unknown text out")
  void privacy() {
    Secret key = Secret.of("0123456789abcdef");
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .privacy("a", Privacy.bucket(0, 10, 20))
                .privacy("b", Privacy.drop())
                .privacy("origin", Privacy.truncate(2))
                .privacy("flight", Privacy.hmac(key))
                .privacy("_entity_id", Privacy.hmac(key))
                .open()) {
      try (Lease lease = model.lease()) {
        log.row(lease, "r")
            .features(new double[] {17, 3})
            .set("origin", "JFK")
            .set("flight", 42)
            .set("secret", "of nobody's schema")
            .entity("passenger 7")
            .commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().unknownValues()).isEqualTo(1);
    }
    Map<String, Object> row = rows().get(0);
    assertThat(row).doesNotContainKey("b").containsEntry("a", 10.0).containsEntry("origin", "JF");
    // printf 42 | openssl dgst -sha256 -hmac 0123456789abcdef, and so on
    assertThat(row)
        .containsEntry("flight", "8d24a2a526d5f556469db8b6280e3a7b877a41155ca536be3a1f2a9d2be0eacd")
        .containsEntry(
            "_entity_id", "96503a3ae455f8c9688f4df73715bddf80d6bbb04382f296cf0a2d305fc0881b");
  }

  @Test
  @DisplayName("names in the log what privacy has dropped and changed, and the values nowhere")
  void traces() throws IOException {
    Secret key = Secret.of("0123456789abcdef");
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model)
                .privacy("a", Privacy.bucket(0, 10))
                .privacy("b", Privacy.drop())
                .privacy("paid", Privacy.drop())
                .privacy("_entity_id", Privacy.hmac(key))
                .open();
        Lease lease = model.lease()) {
      log.row(lease, "r").features(new double[] {17, 3}).prediction(1).commit();
    }
    Path day = PredictionLogReader.parts(folder.resolve("store/predictions"), LogFilter.ALL).get(0);
    JsonObject schema =
        Json.object(Files.readAllBytes(day.resolveSibling("_schema.json")), "_schema.json");
    assertThat(schema.objects("dropped"))
        .extracting(column -> column.string("name") + " " + column.string("role"))
        .containsExactly("b input", "paid context");
    assertThat(schema.objects("columns"))
        .filteredOn(column -> column.asMap().containsKey("privacy"))
        .extracting(column -> column.string("name") + " " + column.string("privacy"))
        .containsExactly("_entity_id hmac", "a bucket [0.0, 10.0]");
    assertThat(schema.object("metadata").string("plumbline.dropped"))
        .isEqualTo("{\"b\":\"input\",\"paid\":\"context\"}");
  }

  @Test
  @DisplayName("refuses a privacy of no column, and one that a column's values can't have")
  void privacyOfNothing() {
    try (LiveModel model = live()) {
      Map<String, Privacy> wrong =
          Map.of(
              "orgin", Privacy.drop(),
              "a", Privacy.truncate(3),
              "origin", Privacy.bucket(1, 2),
              "paid", Privacy.bucket(0.5),
              "_entity_id", Privacy.bucket(1));
      wrong.forEach(
          (column, privacy) ->
              assertThatThrownBy(
                      () -> PredictionLogger.builder(model).privacy(column, privacy).open())
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("'" + column + "'"));
    }
  }
}
