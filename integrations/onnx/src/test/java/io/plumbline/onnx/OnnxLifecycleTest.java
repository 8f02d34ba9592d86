package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.IncompatibleModelException;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Loading and closing ONNX models")
class OnnxLifecycleTest {
  private static final Path PROCESS = Path.of("/proc/self");

  @Test
  @DisplayName("leaves no file handle, mapping or thread after 300 times")
  void leavesNothing() throws IOException {
    assumeThat(PROCESS).as("where the process's handles and threads are seen").exists();
    loadAndClose(10);
    List<String> files = open("fd");
    long mappings = mappedModels();
    int threads = open("task").size();

    loadAndClose(300);

    // The JVM itself may have opened a file or started a compiler thread meanwhile.
    assertThat(open("fd").size()).isLessThan(files.size() + 10);
    assertThat(open("task").size()).isLessThan(threads + 10);
    assertThat(mappedModels()).isEqualTo(mappings);
  }

  @Test
  @DisplayName("leaves nothing of a model that is refused after ONNX Runtime has opened it")
  void refused() throws IOException {
    assumeThat(PROCESS).exists();
    int files = open("fd").size();
    for (int i = 0; i < 100; i++) {
      try {
        Models.load("half").close();
      } catch (IncompatibleModelException e) {
        continue;
      }
      throw new AssertionError("a model of half precision is refused");
    }
    assertThat(open("fd").size()).isLessThan(files + 10);
  }

  @Test
  @DisplayName("works while another model predicts, which is left alone")
  void sideBySide() {
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open()) {
      double[] row = Models.golden("mlp").inputDoubles()[0];
      double[] first = new double[3];
      predictor.predict(row, 1, first);
      for (int i = 0; i < 20; i++) {
        loadAndClose(1);
        double[] again = new double[3];
        predictor.predict(row, 1, again);
        assertThat(again).containsExactly(first);
      }
    }
  }

  private static void loadAndClose(int times) {
    for (int i = 0; i < times; i++) {
      try (LoadedModel model = Models.load("mlp");
          Predictor predictor = model.open()) {
        predictor.predict(new double[20], 2, new double[6]);
      }
    }
  }

  private static List<String> open(String what) throws IOException {
    try (Stream<Path> files = Files.list(PROCESS.resolve(what))) {
      return files.map(Path::toString).toList();
    }
  }

  private static long mappedModels() throws IOException {
    try (Stream<String> lines = Files.lines(PROCESS.resolve("maps"))) {
      return lines.filter(line -> line.contains("/python/")).count();
    }
  }
}
