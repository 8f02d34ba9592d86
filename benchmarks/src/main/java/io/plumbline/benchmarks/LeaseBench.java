package io.plumbline.benchmarks;

import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What takes tens of nanoseconds: a lease, and a reference that was resolved before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LeaseBench {
  private Path folder = Path.of("");
  private ModelRegistry registry;
  private LiveModel model;
  private final ModelRef ref = ModelRef.version("nothing", 1);

  @Setup
  public void open() throws Exception {
    folder = Stores.folder();
    registry = FlightModel.registry(folder);
    model = FlightModel.nothing(registry);
  }

  @TearDown
  public void close() throws Exception {
    model.close();
    registry.close();
    Stores.delete(folder);
  }

  @Benchmark
  public void lease() {
    try (Lease lease = model.lease()) {
      // returned at once
    }
  }

  @Benchmark
  public ModelVersion resolve() {
    return registry.resolve(ref);
  }
}
