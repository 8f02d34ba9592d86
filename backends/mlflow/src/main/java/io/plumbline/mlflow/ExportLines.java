package io.plumbline.mlflow;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Appends lines to many files, of which only some are open at once. */
final class ExportLines implements AutoCloseable {
  private static final int MOST_OPEN = 64;

  private final Map<Path, BufferedWriter> open = new LinkedHashMap<>(16, 0.75f, true);

  void add(Path file, String line) {
    try {
      BufferedWriter writer = open.get(file);
      if (writer == null) {
        makeRoom();
        writer =
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        open.put(file, writer);
      }
      writer.write(line);
      writer.write('\n');
    } catch (IOException e) {
      throw ExportTree.failed(file, e);
    }
  }

  private void makeRoom() throws IOException {
    if (open.size() >= MOST_OPEN) {
      Iterator<BufferedWriter> oldest = open.values().iterator();
      BufferedWriter writer = oldest.next();
      oldest.remove();
      writer.close();
    }
  }

  @Override
  public void close() {
    IOException failure = null;
    Path failed = null;
    for (Map.Entry<Path, BufferedWriter> each : open.entrySet()) {
      try {
        each.getValue().close();
      } catch (IOException e) {
        failure = e;
        failed = each.getKey();
      }
    }
    open.clear();
    if (failure != null && failed != null) {
      throw ExportTree.failed(failed, failure);
    }
  }
}
