package io.plumbline.cli;

import io.plumbline.internal.courier.DeliveryState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows how far one run has come on its way to each destination. */
final class Deliveries {
  private static final String INDENT = "  ";

  private Deliveries() {}

  /** Prints a line for each destination, and what helps. */
  static void print(Console console, List<DeliveryState> states) {
    if (states.isEmpty()) {
      return;
    }
    Section.heading(console, "Destinations", states.size());
    Table table =
        new Table(console, INDENT)
            .column("destination", Table.Kind.TEXT)
            .column("state", Table.Kind.YIELDING)
            .column("run there", Table.Kind.TEXT)
            .column("address", Table.Kind.YIELDING)
            .keep(3);
    for (DeliveryState state : states) {
      String id = state.id();
      String address = state.address();
      table.row().cell(state.destination()).cell(text(state), style(state));
      table.cell(id == null ? "not made yet" : id).cell(address == null ? "" : address);
    }
    table.print();
    if (states.stream().anyMatch(state -> state.rejected() > 0)) {
      hint(console, "`plumbline sync --rejected` lists what was refused, and why");
    }
    if (states.stream().anyMatch(state -> state.gone() != null)) {
      hint(console, "`plumbline sync --all` tries again what was given up");
    }
  }

  private static void hint(Console console, String text) {
    console.line(INDENT + console.styled(text, Style.DIM));
  }

  private static String text(DeliveryState state) {
    String text =
        switch (state.kind()) {
          case ARRIVED -> "arrived";
          case UP_TO_DATE -> "arrived so far";
          case BEHIND -> amount(state.records(), state.artifacts()) + " behind";
          case GIVEN_UP -> "given up: " + state.gone();
        };
    return state.rejected() == 0
        ? text
        : text + ", " + Format.count(state.rejected(), "record") + " refused";
  }

  private static Style style(DeliveryState state) {
    return switch (state.kind()) {
      case ARRIVED -> state.rejected() > 0 ? Style.YELLOW : Style.GREEN;
      case UP_TO_DATE -> Style.CYAN;
      case BEHIND -> Style.YELLOW;
      case GIVEN_UP -> Style.RED;
    };
  }

  /** Returns a number of records and artifacts; of what there is none, only if nothing is. */
  static String amount(long records, long artifacts) {
    if (artifacts == 0) {
      return Format.count(records, "record");
    }
    String files = Format.count(artifacts, "artifact");
    return records == 0 ? files : Format.count(records, "record") + " and " + files;
  }

  /** Returns the states as a document. */
  static List<Map<String, @Nullable Object>> document(List<DeliveryState> states) {
    List<Map<String, @Nullable Object>> document = new ArrayList<>();
    for (DeliveryState state : states) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", state.destination());
      json.put("server", state.address());
      json.put("run", state.id());
      json.put("state", state.kind().name());
      json.put("records", state.records());
      json.put("artifacts", state.artifacts());
      json.put("rejected", state.rejected());
      json.put("problem", state.gone());
      document.add(json);
    }
    return document;
  }
}
