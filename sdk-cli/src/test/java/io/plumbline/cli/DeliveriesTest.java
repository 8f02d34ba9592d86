package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline run tells of each destination")
class DeliveriesTest {
  @TempDir private Path folder;

  private Path store;
  private Cli cli;

  @BeforeEach
  void store() {
    store = folder.resolve("store");
    cli = new Cli(store);
  }

  private static void log(TrackingClient tracking) {
    tracking.run(
        "e",
        RunOptions.named("one"),
        tracker -> {
          tracker.logMetric("auc", 0.5, 0);
          tracker.logText("weights", "epoch-1.bin");
        });
  }

  /** Returns the columns of the line of a destination. */
  private static List<String> line(Cli.Answer answer, String destination) {
    return answer.lines().stream()
        .filter(line -> line.startsWith("  " + destination + " "))
        .map(line -> List.of(line.trim().split(" {2,}")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(answer.out()));
  }

  private List<JsonObject> json() {
    return cli.run("run", "one", "--json").json().objects("destinations");
  }

  @Test
  @DisplayName("nothing of a run that goes nowhere")
  void nowhere() {
    try (TrackingClient tracking = cli.open()) {
      log(tracking);
    }
    assertThat(cli.run("run", "one").out()).doesNotContain("Destinations");
    assertThat(json()).isEmpty();
  }

  @Test
  @DisplayName("what is behind there, and that the run was not made there yet")
  void away() {
    Shipped.away(store, DeliveriesTest::log);
    Cli.Answer answer = cli.run("run", "one");
    assertThat(answer.out()).contains("\nDestinations (2)\n").doesNotContain("refused");
    for (String destination : List.of("server", "audit")) {
      assertThat(line(answer, destination))
          .containsExactly(destination, "4 records and 1 artifact behind", "not made yet");
    }
    assertThat(json())
        .hasSize(2)
        .allSatisfy(
            state -> {
              assertThat(state.string("state")).isEqualTo("BEHIND");
              assertThat(state.longValue("records")).isEqualTo(4);
              assertThat(state.longValue("artifacts")).isEqualTo(1);
              assertThat(state.stringOr("run", null)).isNull();
              assertThat(state.stringOr("server", null)).isNull();
            });
  }

  @Test
  @DisplayName("that it has arrived, under which id and where, whatever is configured today")
  void arrived() {
    Shipped.away(store, DeliveriesTest::log);
    Shipped.arrives(store, "audit", "http://audit", tracking -> {});
    String id = cli.run("run", "one", "--json").json().string("id");
    Cli.Answer answer = cli.run("run", "one");
    // Another store that stands for a server keeps the id.
    assertThat(line(answer, "audit")).containsExactly("audit", "arrived", id, "http://audit");
    assertThat(line(answer, "server").get(1)).endsWith("behind");
    JsonObject audit = json().get(0);
    assertThat(audit.string("name")).isEqualTo("audit");
    assertThat(audit.string("state")).isEqualTo("ARRIVED");
    assertThat(audit.string("server")).isEqualTo("http://audit");
    assertThat(audit.string("run")).isEqualTo(id);
  }

  @Test
  @DisplayName("what was refused, and what lists it")
  void refused() throws IOException {
    Shipped.away(store, DeliveriesTest::log);
    try (Stream<Path> contents = Files.walk(store.resolve("blobs"))) {
      for (Path content : contents.filter(Files::isRegularFile).toList()) {
        Files.delete(content);
      }
    }
    Shipped.arrives(store, "server", Shipped.NOBODY, tracking -> {});
    Cli.Answer answer = cli.run("run", "one");
    assertThat(line(answer, "server").get(1)).isEqualTo("arrived, 1 record refused");
    assertThat(answer.out()).contains("`plumbline sync --rejected` lists what was refused");
    assertThat(json().get(1).longValue("rejected")).isEqualTo(1);
  }

  @Test
  @DisplayName("that it was given up, why, and what tries it again")
  void givenUp() throws IOException {
    Shipped.away(store, DeliveriesTest::log);
    String id = cli.run("run", "one", "--json").json().string("id");
    Files.writeString(
        store.resolve("runs").resolve(id).resolve("server.remote.json"),
        """
        {"format":1,"destination":"server","run":"abc","experiment":"1","adopted":false,
        "address":"http://there","made":1,"gone":"run abc is\\u001b deleted there"}""");
    Cli.Answer answer = cli.run("run", "one");
    assertThat(line(answer, "server"))
        .containsExactly(
            "server", "given up: run abc is\\u001b deleted there", "abc", "http://there");
    assertThat(answer.out()).contains("`plumbline sync --all` tries again");
    assertThat(json().get(1).string("problem")).contains("deleted there");
  }
}
