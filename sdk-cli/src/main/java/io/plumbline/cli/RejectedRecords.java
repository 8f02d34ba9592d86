package io.plumbline.cli;

import io.plumbline.StoreException;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Run;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What servers have refused of a store's runs, each with the reason. */
final class RejectedRecords {
  private final StoreView view;
  private final Map<List<@Nullable Object>, Map<String, @Nullable Object>> rows =
      new LinkedHashMap<>();

  /** Finds them. */
  RejectedRecords(StoreView view) {
    this.view = view;
    view.runs().all().forEach(this::add);
  }

  private void add(Run run) {
    try {
      for (String destination : Delivered.refusing(view.root(), run.id())) {
        for (Map<String, @Nullable Object> json :
            Delivered.rejected(view.root(), run.id(), destination)) {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          row.put("run", run.id());
          row.put("destination", destination);
          row.putAll(json);
          // A repetition may have noted one twice.
          rows.put(Arrays.asList(run.id(), destination, json.get("record"), json.get("what")), row);
        }
      }
    } catch (IOException e) {
      throw new StoreException("the store " + view.root() + " can't be read: " + e, e);
    }
  }

  void print(Console console) {
    if (rows.isEmpty()) {
      console.line("Nothing was refused.");
    }
    for (Map<String, @Nullable Object> row : rows.values()) {
      Object name = row.get("destination");
      String where = Delivered.SERVER.equals(name) ? "" : name + "  ";
      console.line(
          Cells.show(row.get("run") + "  " + where + row.get("what") + ": " + row.get("reason")));
    }
  }

  List<Map<String, @Nullable Object>> document() {
    return List.copyOf(rows.values());
  }
}
