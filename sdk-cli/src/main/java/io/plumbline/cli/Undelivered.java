package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.internal.copy.Imported;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.DeliveryState;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What has not arrived at the configured servers, by what the store knows: none is asked. */
final class Undelivered {
  /** A run of which something has not arrived. */
  private record Row(Run run, DeliveryState state) {}

  /** What has not arrived at one server. */
  private static final class Server {
    final String name;
    final String uri;
    final List<Row> rows = new ArrayList<>();
    int givenUp;
    int moved;
    int theirs;

    Server(String name, String uri) {
      this.name = name;
      this.uri = uri;
    }

    long records() {
      return rows.stream().mapToLong(row -> row.state.records()).sum();
    }

    long artifacts() {
      return rows.stream().mapToLong(row -> row.state.artifacts()).sum();
    }
  }

  private final StoreView view;
  private final boolean all;
  private final List<String> dead;
  private final List<Server> servers = new ArrayList<>();
  private final SortedMap<String, Integer> elsewhere = new TreeMap<>();

  /**
   * Finds it.
   *
   * @param servers those that are configured, by the names of these destinations
   * @param all whether runs count, too, that are sent only if they are asked for
   */
  Undelivered(StoreView view, Map<String, Config> servers, boolean all) {
    this.view = view;
    this.all = all;
    this.dead = view.deadWriters();
    servers.forEach((name, server) -> this.servers.add(new Server(name, server.trackingUri())));
    view.runs().all().stream()
        .sorted(Comparator.comparing(Run::startTime).reversed().thenComparing(Run::id))
        .forEach(this::add);
  }

  private void add(Run run) {
    Map<String, DeliveryState> states = new TreeMap<>();
    Delivered.states(view.root(), run.id())
        .forEach(state -> states.put(state.destination(), state));
    for (Server server : servers) {
      DeliveryState state = states.remove(server.name);
      if (state != null) {
        add(server, run, state);
      } else if (all && !run.deleted()) {
        addUnsent(server, run);
      }
    }
    states.forEach(
        (name, state) -> {
          if (state.kind() == DeliveryState.Kind.BEHIND) {
            elsewhere.merge(name, 1, Integer::sum);
          }
        });
  }

  private void add(Server server, Run run, DeliveryState state) {
    boolean wanted = all && !run.deleted();
    if (state.gone() != null && !wanted) {
      server.givenUp++;
      return;
    }
    boolean moved = state.hasMoved(server.uri);
    boolean again = moved && wanted && state.kind() == DeliveryState.Kind.ARRIVED;
    DeliveryState due = again ? Delivered.unsent(view.root(), run.id(), server.name) : state;
    if (due.records() + due.artifacts() > 0 || hasRing(run, due)) {
      server.rows.add(new Row(run, due));
      server.moved += moved ? 1 : 0;
    }
  }

  private void addUnsent(Server server, Run run) {
    if (Imported.isFrom(server.uri, run)) {
      server.theirs++;
    } else {
      server.rows.add(new Row(run, Delivered.unsent(view.root(), run.id(), server.name)));
    }
  }

  /** Returns whether a program that is gone may have left more of it, which only a ring has. */
  private boolean hasRing(Run run, DeliveryState state) {
    return state.kind() != DeliveryState.Kind.ARRIVED
        && !Collections.disjoint(dead, view.writersOf(run.id()));
  }

  /** Returns whether all has arrived. */
  boolean isEmpty() {
    return servers.stream().allMatch(server -> server.rows.isEmpty());
  }

  /** Returns the writers that are gone, and may have left more of these runs than is counted. */
  List<String> dead() {
    List<String> found = new ArrayList<>(dead);
    found.retainAll(
        servers.stream()
            .flatMap(server -> server.rows.stream())
            .flatMap(row -> view.writersOf(row.run.id()).stream())
            .toList());
    return found;
  }

  // ---- for people

  void print(Console console) {
    Table table =
        new Table(console, "")
            .column("destination", Table.Kind.TEXT)
            .column("run", Table.Kind.TEXT)
            .column("name", Table.Kind.YIELDING)
            .column("status", Table.Kind.TEXT)
            .column("records", Table.Kind.NUMBER)
            .column("artifacts", Table.Kind.NUMBER)
            .keep(6);
    int length =
        RunIds.shortLength(
            servers.stream().flatMap(s -> s.rows.stream()).map(Row::run).distinct().toList());
    for (Server server : servers) {
      for (Row row : server.rows) {
        Run run = row.run;
        table.row().cell(server.name).cell(RunIds.shortened(run.id(), length)).cell(run.name());
        table.cell(run.status().name(), RunColumn.style(run.status()));
        table.cell(Format.count(row.state.records())).cell(Format.count(row.state.artifacts()));
      }
    }
    if (!table.isEmpty()) {
      table.print();
    }
    servers.forEach(server -> print(console, server));
  }

  /** Tells of servers that are configured no more, where runs are behind, too. */
  void tellOfOthers(Console console) {
    elsewhere.forEach(
        (name, count) ->
            console.error(
                "plumbline: "
                    + runs(count, "is", "are")
                    + " not delivered to "
                    + name
                    + ", which is configured no more"));
  }

  private static void print(Console console, Server server) {
    console.line(
        server.rows.isEmpty()
            ? "All is delivered to " + server.uri + "."
            : runs(server.rows.size(), "is", "are")
                + " not delivered to "
                + server.uri
                + " yet: "
                + Deliveries.amount(server.records(), server.artifacts())
                + ".");
    if (server.moved > 0) {
      console.line(
          runs(server.moved, "has", "have")
              + " gone to another address: what is not found at "
              + server.uri
              + " is sent whole.");
    }
    if (server.givenUp > 0) {
      console.line(
          runs(server.givenUp, "was", "were")
              + " given up, deleted there: `plumbline sync --all` tries again.");
    }
    if (server.theirs > 0) {
      console.line(fromThere(server.theirs));
    }
  }

  /** Returns the sentence about runs that were imported from a server. */
  static String fromThere(int count) {
    return runs(count, "was", "were") + " imported from there, and not sent back.";
  }

  private static String runs(int count, String one, String more) {
    return Format.count(count, "run") + " " + (count == 1 ? one : more);
  }

  // ---- for programs

  Map<String, @Nullable Object> document() {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("delivered", isEmpty());
    document.put("records", servers.stream().mapToLong(Server::records).sum());
    document.put("artifacts", servers.stream().mapToLong(Server::artifacts).sum());
    document.put("servers", servers.stream().map(Undelivered::document).toList());
    return document;
  }

  private static Map<String, @Nullable Object> document(Server server) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", server.name);
    json.put("server", server.uri);
    json.put("delivered", server.rows.isEmpty());
    json.put("records", server.records());
    json.put("artifacts", server.artifacts());
    json.put("runs", server.rows.stream().map(Undelivered::document).toList());
    json.put("runsMoved", (long) server.moved);
    json.put("runsGivenUp", (long) server.givenUp);
    json.put("runsFromThere", (long) server.theirs);
    return json;
  }

  private static Map<String, @Nullable Object> document(Row row) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", row.run.id());
    json.put("name", row.run.name());
    json.put("status", row.run.status().name());
    json.put("records", row.state.records());
    json.put("artifacts", row.state.artifacts());
    return json;
  }
}
