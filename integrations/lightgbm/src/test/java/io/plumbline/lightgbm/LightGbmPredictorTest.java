package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A predictor of a LightGBM model")
class LightGbmPredictorTest {
  private static final int WIDTH = Models.NAMES.size();

  @TempDir Path folder;

  static Stream<Arguments> models() throws Exception {
    return Stream.of(
        Arguments.of("binary", Models.binary(), 1),
        Arguments.of("regression", Models.regression(), 1),
        Arguments.of("three classes", Models.threeClasses(), 3),
        Arguments.of("a category", Models.categorical(), 1),
        Arguments.of("linear leaves", Models.linear(), 1),
        Arguments.of("a random forest", Models.forest(), 1),
        Arguments.of("monotone constraints", Models.constrained(), 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  @DisplayName("predicts bit by bit what LightGBM does for the text as it is")
  void predictsTheSame(String kind, String text, int outputs) throws Exception {
    try (LoadedModel model = load(text);
        Predictor predictor = model.open()) {
      assertThat(model.inputs()).as(kind).isEqualTo(WIDTH);
      assertThat(model.outputs()).isEqualTo(outputs);
      for (double[][] rows : List.of(Models.rows(300, 2), Models.strangeRows())) {
        double[] expected = Models.predictions(text, rows, outputs);
        double[] together = new double[rows.length * outputs];
        predictor.predict(Models.flat(rows), rows.length, together);
        assertThat(together).containsExactly(expected);
        double[] one = new double[outputs];
        for (int row = 0; row < rows.length; row++) {
          predictor.predict(rows[row], 1, one);
          assertThat(one)
              .containsExactly(Arrays.copyOfRange(expected, row * outputs, (row + 1) * outputs));
        }
      }
    }
  }

  @Test
  @DisplayName("predicts in 32 bits what it predicts for the same numbers in 64, narrowed")
  void predictsFloats() throws Exception {
    double[][] rows = Models.rows(100, 3);
    float[] in = new float[rows.length * WIDTH];
    double[] widened = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = (float) Models.flat(rows)[i];
      widened[i] = in[i];
    }
    try (LoadedModel model = load(Models.threeClasses());
        Predictor predictor = model.open()) {
      float[] out = new float[rows.length * 3];
      double[] expected = new double[out.length];
      predictor.predict(in, rows.length, out);
      predictor.predict(widened, rows.length, expected);
      for (int i = 0; i < out.length; i++) {
        assertThat(out[i]).isEqualTo((float) expected[i]);
      }
    }
  }

  @Test
  @DisplayName("predicts columns of numbers, and refuses text")
  void predictsColumns() throws Exception {
    double[][] rows = {{1, 2, 3, 4, 0}, {-1, Double.NaN, -3, 2, 1}};
    try (LoadedModel model = load(Models.binary());
        Predictor predictor = model.open()) {
      double[] expected = new double[2];
      predictor.predict(Models.flat(rows), 2, expected);
      double[] out = new double[2];
      predictor.predictColumns(
          new Object[] {
            new long[] {1, -1, 9},
            new float[] {2, Float.NaN},
            new double[] {3, -3},
            new int[] {4, 2},
            new boolean[] {false, true}
          },
          2,
          out);
      assertThat(out).containsExactly(expected);

      Object numbers = new double[2];
      Object[] text = {numbers, numbers, new String[] {"a", "b"}, numbers, numbers};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predictColumns(text, 2, out))
          .withMessageContaining("column 2")
          .withMessageContaining("numbers only");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predictColumns(new Object[] {numbers}, 2, out))
          .withMessageContaining("1 columns")
          .withMessageContaining("5 features");
      Object[] tooShort = {numbers, numbers, numbers, numbers, new float[1]};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predictColumns(tooShort, 2, out))
          .withMessageContaining("column 4 has 1 values for 2 rows");
    }
  }

  @Test
  @DisplayName("touches nothing beyond the rows that it was asked for")
  void staysInBounds() throws Exception {
    try (LoadedModel model = load(Models.threeClasses());
        Predictor predictor = model.open()) {
      double[] out = new double[10];
      Arrays.fill(out, -7);
      predictor.predict(Models.flat(Models.rows(5, 4)), 2, out);
      assertThat(Arrays.copyOf(out, 6)).doesNotContain(-7);
      assertThat(Arrays.copyOfRange(out, 6, 10)).containsOnly(-7);
    }
  }

  @Test
  @DisplayName("refuses arrays that are too short or null, and no row, before LightGBM sees them")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void refusesBadCalls() throws Exception {
    try (LoadedModel model = load(Models.threeClasses());
        Predictor predictor = model.open()) {
      double[] in = new double[2 * WIDTH];
      double[] out = new double[6];
      assertRefused(() -> predictor.predict(in, 0, out), "rows is 0");
      assertRefused(() -> predictor.predict(in, -1, out), "rows is -1");
      assertRefused(
          () -> predictor.predict(in, 3, new double[9]),
          "in has 10 numbers; 3 rows of 5 features are 15");
      assertRefused(
          () -> predictor.predict(in, 2, new double[5]),
          "out has 5 numbers; 2 rows of 3 outputs are 6");
      assertRefused(() -> predictor.predict(in, Integer.MAX_VALUE, out), "are 10737418235");
      assertRefused(() -> predictor.predict((double[]) null, 1, out), "in is null");
      assertRefused(() -> predictor.predict(in, 1, null), "out is null");
      assertRefused(() -> predictor.predict(new float[4], 1, new float[3]), "in has 4 numbers");
      assertRefused(() -> predictor.predict(new float[5], 1, new float[2]), "out has 2 numbers");
      assertRefused(() -> predictor.predict((float[]) null, 1, new float[3]), "in is null");
      assertRefused(() -> predictor.predict(new float[5], 1, null), "out is null");
      assertRefused(() -> predictor.predictColumns(null, 1, out), "there are no columns");
      assertRefused(() -> predictor.predictColumns(new Object[5], 1, out), "column 0 has no");

      predictor.predict(in, 2, out);
      assertThat(out[0] + out[1] + out[2]).isBetween(0.999, 1.001);
    }
  }

  @Test
  @DisplayName("refuses every call once it is closed, and may be closed again")
  void refusesWhenClosed() throws Exception {
    double[] in = new double[WIDTH];
    double[] out = new double[1];
    LoadedModel model = load(Models.binary());
    Predictor closed = model.open();
    Predictor open = model.open();
    closed.close();
    closed.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.predict(in, 1, out))
        .withMessageContaining("closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.predict(new float[WIDTH], 1, new float[1]));
    Object column = new double[1];
    Object[] columns = {column, column, column, column, column};
    assertThatIllegalStateException().isThrownBy(() -> closed.predictColumns(columns, 1, out));
    assertThatIllegalStateException().isThrownBy(() -> closed.predictColumns(columns, 7, out));

    model.close();
    model.close();
    assertThatIllegalStateException().isThrownBy(model::open).withMessageContaining("closed");
    open.predict(in, 1, out);
    open.close();
    assertThat(out[0]).isBetween(0.0, 1.0);
  }

  @Test
  @DisplayName("allocates nothing for a row, whether in 64 or in 32 bits, once it is warm")
  void allocatesNothing() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] in = Models.rows(1, 5)[0];
    float[] narrow = new float[WIDTH];
    double[] out = new double[3];
    float[] narrowOut = new float[3];
    try (LoadedModel model = load(Models.threeClasses());
        Predictor predictor = model.open()) {
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 5; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
          predictor.predict(in, 1, out);
          predictor.predict(narrow, 1, narrowOut);
        }
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isZero();
    }
  }

  @Test
  @DisplayName("predicts the same in many threads, each with its own, while others come and go")
  void manyThreads() throws Exception {
    String text = Models.threeClasses();
    double[][] rows = Models.rows(200, 6);
    double[] expected = Models.predictions(text, rows, 3);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try (LoadedModel model = load(text)) {
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (int task = 0; task < 64; task++) {
        tasks.add(
            () -> {
              double[] out = new double[expected.length];
              try (Predictor predictor = model.open()) {
                for (int round = 0; round < 5; round++) {
                  predictor.predict(Models.flat(rows), rows.length, out);
                }
              }
              return out;
            });
      }
      for (Future<double[]> done : pool.invokeAll(tasks)) {
        assertThat(done.get()).containsExactly(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @DisplayName("gives its memory back: a thousand of them leave less than a tenth of theirs")
  void leavesNoMemory() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "the memory is read from /proc");
    // A booster of this text takes half a megabyte.
    String text = Models.binary().replace("=a b c ", "=" + "a".repeat(500_000) + " b c ");
    double[] in = new double[WIDTH];
    double[] out = new double[1];
    long before = 0;
    try (LoadedModel model = load(text)) {
      for (int i = 0; i < 1_100; i++) {
        if (i == 100) {
          before = resident();
        }
        try (Predictor predictor = model.open()) {
          predictor.predict(in, 1, out);
        }
      }
    }
    assertThat(resident() - before).as("bytes").isLessThan(50_000_000);
  }

  private static long resident() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("there is no VmRSS");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
  }

  private LoadedModel load(String text) throws Exception {
    return Models.load(Models.packed(text), folder);
  }
}
