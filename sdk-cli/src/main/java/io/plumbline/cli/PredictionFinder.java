package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks through a prediction log for the row of a request. */
final class PredictionFinder {
  private static final String ID = SystemColumn.REQUEST_ID.columnName();
  private static final String ROLE = SystemColumn.ROLE.columnName();
  private static final String VERSION = SystemColumn.MODEL_VERSION.columnName();
  private static final int MOST_NAMED = 10;
  private static final String PRIMARY = SystemColumn.ROLES.get(0);

  /** Where a row is: in which batch of a file, and where in it. */
  private record Place(Path file, int batch, int row) {}

  private final Path log;
  private final LogFilter filter;
  private final List<String> notes = new ArrayList<>();
  private @Nullable Place place;
  private boolean primary;
  private final List<String> found = new ArrayList<>();
  private int chosen;

  PredictionFinder(Path log, LogFilter filter) {
    this.log = log;
    this.filter = filter;
  }

  /**
   * Finds the row of a request. Of several it takes the first whose answer was given to who asked,
   * and notes what the others are; files that can't be read are passed over, and noted, too.
   *
   * @throws NotFoundException if there is no log, or no such row in it
   */
  LoggedPrediction find(String requestId) {
    if (!Files.exists(log)) {
      throw new NotFoundException("there is no prediction log " + Printable.quote(log.toString()));
    }
    LogFilter ids = filter.withColumns(List.of(ID, ROLE, VERSION));
    for (Path file : PredictionLogReader.parts(log, filter)) {
      try (PredictionLogReader reader = PredictionLogReader.open(file, ids)) {
        int number = 0;
        for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
          look(requestId, file, number++, batch);
        }
      } catch (PlumblineException | IllegalArgumentException e) {
        notes.add("passed over: " + e.getMessage());
      }
    }
    if (place == null) {
      throw new NotFoundException(
          "there is no prediction "
              + Printable.quote(requestId)
              + " in "
              + Printable.quote(log.toString())
              + (notes.isEmpty() ? "" : "; " + String.join("; ", notes))
              + "; what was sampled out or deleted by age is in no log, and --open also looks at"
              + " what is still being written");
    }
    if (found.size() > 1) {
      String others =
          IntStream.range(0, found.size())
              .filter(i -> i != chosen)
              .limit(MOST_NAMED)
              .mapToObj(found::get)
              .collect(Collectors.joining(", "));
      notes.add(
          found.size()
              + " rows have this request id: this is "
              + found.get(chosen)
              + ", besides "
              + others
              + (found.size() - 1 > MOST_NAMED ? " and more" : "")
              + "; --model, --model-version, --from and --to choose");
    }
    return read(place);
  }

  private void look(String requestId, Path file, int number, LogBatch batch) {
    if (!batch.has(ID)) {
      return;
    }
    @Nullable String[] ids = batch.texts(ID);
    for (int row = 0; row < ids.length; row++) {
      if (requestId.equals(ids[row])) {
        String role = text(batch, ROLE, row);
        boolean answered = PRIMARY.equals(role);
        found.add(role + " of version " + text(batch, VERSION, row));
        if (place == null || answered && !primary) {
          place = new Place(file, number, row);
          primary = answered;
          chosen = found.size() - 1;
        }
      }
    }
  }

  private static String text(LogBatch batch, String column, int row) {
    String text = batch.has(column) ? batch.texts(column)[row] : null;
    return text == null ? "unknown" : text;
  }

  private LoggedPrediction read(Place place) {
    LogFilter all = filter.withColumns(List.of());
    try (PredictionLogReader reader = PredictionLogReader.open(place.file(), all)) {
      int number = 0;
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        if (number++ == place.batch()) {
          LogBatch row = new SomeRows(batch, new int[] {place.row()});
          return LoggedPrediction.of(place.file(), row, reader.metadata(), notes);
        }
      }
    }
    throw new NotFoundException(
        Printable.quote(place.file().toString()) + " has changed meanwhile; try again");
  }
}
