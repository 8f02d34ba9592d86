package io.plumbline.onnx;

import io.plumbline.StoreException;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The parts of a package as files, for as long as it is open. */
record TemporaryFolder(Path path) implements AutoCloseable {

  /**
   * Writes the parts.
   *
   * @throws StoreException if that fails
   */
  static TemporaryFolder of(ModelPackage model) {
    try {
      TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory("plumbline-onnx-"));
      boolean finished = false;
      try {
        for (ModelPart part : model.parts()) {
          Path file = folder.path.resolve(part.name());
          Files.createDirectories(file.getParent());
          try (InputStream in = part.open()) {
            Files.copy(in, file);
          }
        }
        finished = true;
        return folder;
      } finally {
        if (!finished) {
          folder.close();
        }
      }
    } catch (IOException e) {
      throw new StoreException("Cannot write the model into a temporary folder: " + e, e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new StoreException("Cannot remove the temporary folder " + path + ": " + e, e);
    }
  }
}
