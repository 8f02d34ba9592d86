package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import io.plumbline.model.GoldenRecords;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The predictor of an ONNX model")
class OnnxPredictorTest {
  private static final int THREADS = 8;

  // ---- many threads

  @Test
  @DisplayName("gives many threads the right answers at once, for batches of changing size")
  void manyThreads() throws Exception {
    GoldenRecords golden = Models.golden("mlp");
    double[][] rows = golden.inputDoubles();
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open()) {
      inThreads(
          thread -> {
            double[] in = new double[4 * 10];
            double[] out = new double[4 * 3];
            for (int call = 0; call < 2_000; call++) {
              int size = 1 + (call + thread) % 4;
              for (int i = 0; i < size; i++) {
                System.arraycopy(rows[(call * thread + i) % rows.length], 0, in, i * 10, 10);
              }
              predictor.predict(in, size, out);
              for (int i = 0; i < size; i++) {
                double[] row = {out[i * 3], out[i * 3 + 1], out[i * 3 + 2]};
                assertThat(golden.matches((call * thread + i) % rows.length, row)).isTrue();
              }
            }
          });
    }
  }

  @Test
  @DisplayName("gives many threads the right answers at once, for text")
  void manyThreadsWithText() throws Exception {
    GoldenRecords golden = Models.golden("columns");
    Object[] columns = OnnxPythonTest.columns(golden);
    try (LoadedModel model = Models.load("columns");
        Predictor predictor = model.open()) {
      inThreads(
          thread -> {
            double[] out = new double[3];
            for (int call = 0; call < 1_000; call++) {
              int row = (call * (thread + 1)) % golden.size();
              Object[] one = {
                new double[] {((double[]) columns[0])[row]},
                new long[] {((long[]) columns[1])[row]},
                new String[] {((String[]) columns[2])[row]}
              };
              predictor.predictColumns(one, 1, out);
              assertThat(golden.matches(row, out)).isTrue();
            }
          });
    }
  }

  /** What a thread does. */
  private interface Work {
    void run(int thread);
  }

  private static void inThreads(Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        calls.add(
            () -> {
              work.run(thread);
              return null;
            });
      }
      for (Future<Void> done : pool.invokeAll(calls, 120, TimeUnit.SECONDS)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  // ---- what is refused

  @Test
  @DisplayName(
      "refuses rows below 1, null, and arrays that are too short, before the engine sees them")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void wrongArrays() {
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open()) {
      double[] in = new double[20];
      double[] out = new double[6];
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(in, 0, out))
          .withMessage("rows is 0; it must be at least 1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(in, 3, new double[9]))
          .withMessage("in has 20 numbers, but 3 rows of 10 need 30");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(in, 2, new double[5]))
          .withMessage("out has 5 numbers, but 2 rows of 3 need 6");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(in, 1_000_000_000, out))
          .withMessageContaining("need 10000000000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict((double[]) null, 1, out))
          .withMessageContaining("in is null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(in, 1, null))
          .withMessageContaining("out is null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(new float[9], 1, new float[3]))
          .withMessageContaining("in has 9 numbers");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(new float[10], 1, (float[]) null))
          .withMessageContaining("out is null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(new float[10], -1, new float[3]))
          .withMessageContaining("rows is -1");
      predictor.predict(in, 2, out);
    }
  }

  @Test
  @DisplayName(
      "refuses columns that are missing, too short or of another type, by the input's name")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void wrongColumns() {
    double[] distance = {1, 2};
    long[] hour = {1, 2};
    String[] origin = {"JFK", "LGA"};
    try (LoadedModel model = Models.load("columns");
        Predictor predictor = model.open()) {
      double[] out = new double[6];
      assertColumns(predictor, out, (Object[]) null).withMessageContaining("columns is null");
      assertColumns(predictor, out, distance, hour)
          .withMessageContaining("2 columns, but the model has 3 inputs");
      assertColumns(predictor, out, distance, hour, new String[] {"JFK"})
          .withMessage("column 2 (input 'origin') has 1 values for 2 rows");
      assertColumns(predictor, out, distance, hour, hour)
          .withMessageContaining("column 2 is a long[], but the input 'origin' takes text");
      assertColumns(predictor, out, origin, hour, origin)
          .withMessageContaining("column 0 is a String[], but the input 'distance' takes numbers");
      assertColumns(predictor, out, distance, null, origin)
          .withMessageContaining("column 1 is null, but the input 'hour' takes numbers");
      assertColumns(predictor, out, distance, List.of(1, 2), origin)
          .withMessageContaining("the input 'hour' takes numbers");
      assertColumns(predictor, new double[5], distance, hour, origin)
          .withMessageContaining("out has 5 numbers");
      predictor.predictColumns(new Object[] {distance, hour, origin}, 2, out);
      predictor.predictColumns(
          new Object[] {new int[] {1, 2}, new boolean[] {true, false}, origin}, 2, out);
    }
  }

  @Test
  @DisplayName("refuses text that ONNX Runtime's Java API would change, and null, which crashes it")
  @SuppressWarnings("NullAway") // The callers of this test are those without NullAway.
  void wrongText() {
    double[] distance = {1, 2};
    long[] hour = {1, 2};
    try (LoadedModel model = Models.load("columns");
        Predictor predictor = model.open()) {
      double[] out = new double[6];
      assertColumns(predictor, out, distance, hour, new String[] {"JFK", null})
          .withMessageContaining("row 1 has null for the input 'origin'");
      assertColumns(predictor, out, distance, hour, new String[] {"🙂", "JFK"})
          .withMessageContaining("row 0 has '🙂' for the input 'origin'");
      assertColumns(predictor, out, distance, hour, new String[] {"JFK", "J\0FK"})
          .withMessageContaining("row 1 has 'J\\u0000FK'");
      predictor.predictColumns(new Object[] {distance, hour, new String[] {"Zürich", ""}}, 2, out);
    }
  }

  private static ThrowableAssertAlternative<IllegalArgumentException> assertColumns(
      Predictor predictor, double[] out, Object... columns) {
    return assertThatIllegalArgumentException()
        .isThrownBy(() -> predictor.predictColumns(columns, 2, out));
  }

  @Test
  @DisplayName("refuses rows of numbers for a model that takes text, and says what to call")
  void textNeedsColumns() {
    try (LoadedModel model = Models.load("columns");
        Predictor predictor = model.open()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> predictor.predict(new double[3], 1, new double[3]))
          .withMessageContaining("'origin'")
          .withMessageContaining("predictColumns");
    }
  }

  @Test
  @DisplayName("refuses a number that an integer or a boolean cannot hold, rather than round it")
  void noRounding() {
    double[] good = Models.golden("types").inputDoubles()[3];
    try (LoadedModel model = Models.load("types");
        Predictor predictor = model.open()) {
      double[] out = new double[model.outputs()];
      predictor.predict(good, 1, out);
      for (Object[] wrong :
          new Object[][] {
            {3, 1.5, "longs"},
            {3, Double.NaN, "longs"},
            {3, 0x1p63, "longs"},
            {3, Double.NEGATIVE_INFINITY, "longs"},
            {4, 0x1p31, "ints"},
            {4, 0.1, "ints"},
            {5, 2.0, "flags"},
            {5, Double.NaN, "flags"}
          }) {
        double[] row = good.clone();
        row[(Integer) wrong[0]] = (Double) wrong[1];
        assertThatIllegalArgumentException()
            .isThrownBy(() -> predictor.predict(row, 1, out))
            .withMessageContaining("row 0 has " + wrong[1])
            .withMessageContaining("'" + wrong[2] + "'");
      }
      predictor.predict(good, 1, out);
    }
  }

  @Test
  @DisplayName("keeps every digit of a long in a column of longs")
  void longs() {
    long large = (1L << 60) + 1;
    Object[] columns = new Object[10];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new double[] {1};
    }
    columns[3] = new long[] {large};
    try (LoadedModel model = Models.load("types");
        Predictor predictor = model.open()) {
      double[] out = new double[model.outputs()];
      predictor.predictColumns(columns, 1, out);
      assertThat(out[2]).isEqualTo((double) (2 * large));
    }
  }

  @Test
  @DisplayName("predicts NaN where a float is missing, as Python does")
  void missing() {
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open()) {
      double[] in = new double[10];
      in[4] = Double.NaN;
      double[] out = new double[3];
      predictor.predict(in, 1, out);
      assertThat(out).containsOnly(Double.NaN);
    }
  }

  // ---- failures and the end

  @Test
  @DisplayName("says why the engine fails, and predicts on after it")
  void engineFails() {
    // What is counted as a row of y is the whole batch: only a batch of two has that shape.
    try (LoadedModel model = Models.load("two_rows");
        Predictor predictor = model.open()) {
      assertThatExceptionOfType(OnnxException.class)
          .isThrownBy(() -> predictor.predict(new double[6], 3, new double[6]))
          .withMessageContaining("'model.onnx'")
          .withMessageContaining("shape");
      double[] out = new double[4];
      predictor.predict(new double[] {1, 2, 3, 4}, 2, out);
      assertThat(out).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  @DisplayName("refuses a call after it is closed, and can be closed twice")
  void closed() {
    try (LoadedModel model = Models.load("mlp")) {
      Predictor predictor = model.open();
      predictor.predict(new double[10], 1, new double[3]);
      predictor.close();
      predictor.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> predictor.predict(new double[10], 1, new double[3]))
          .withMessageContaining("closed");
      assertThatIllegalStateException()
          .isThrownBy(() -> predictor.predict(new float[10], 1, new float[3]))
          .withMessageContaining("closed");
    }
  }

  // ---- memory

  @Test
  @DisplayName("allocates nothing for rows on the heap: no more than ONNX Runtime's own call does")
  void allocation() {
    assumeThat(ManagementFactory.getThreadMXBean()).isInstanceOf(ThreadMXBean.class);
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open();
        Call bare = ((OnnxModel) model).call()) {
      double[] in = new double[100 * 10];
      double[] out = new double[100 * 3];
      long ours = leastBytes(() -> predictor.predict(in, 100, out));
      long engine =
          leastBytes(
              () -> {
                bare.resize(100);
                bare.run();
              });
      // Which of the engine's own iterators the compiler leaves out differs by some of them.
      assertThat(ours).isLessThanOrEqualTo(engine + 256);
    }
  }

  /** The least bytes that a call has allocated, once it is compiled. */
  private static long leastBytes(Attempt call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < 2_000; i++) {
        call.run();
      }
      least = Math.min(least, (threads.getThreadAllocatedBytes(self) - before) / 2_000);
    }
    return least;
  }

  /** A call that may throw. */
  private interface Attempt {
    void attempt() throws Exception;

    default void run() {
      try {
        attempt();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
