package io.plumbline.test;

import io.plumbline.registry.ModelRegistry;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that gives tests a tracking client, a tracker or a registry, and removes
 * everything after them.
 *
 * <pre>{@code
 * @ExtendWith(PlumblineExtension.class)
 * class TrainingTest {
 *   @Test
 *   void logsItsParams(TrackingClient tracking) {
 *     Run run = new Training(tracking).train();
 *     assertThat(run).isFinished().hasParam("max_depth", "6");
 *   }
 *
 *   @Test
 *   void logsEachEpoch(Tracker tracker, TemporaryTracking tracking) {
 *     new Epochs(tracker).run(3);
 *     assertThat(tracking, tracker.id()).hasHistory("loss", 0.9, 0.5, 0.4);
 *   }
 * }
 * }</pre>
 *
 * <p>A parameter of type {@link TrackingClient} or {@link TemporaryTracking} is a client on an
 * empty store; all such parameters of one test are the same client. A parameter of type {@link
 * ModelRegistry} is a registry on it, and one of type {@link Tracker} is a run in that store, in
 * the experiment {@code test}, with the test's name; the extension closes it after the test.
 * Parameters of constructors and {@code @BeforeAll} methods share one store for the whole class,
 * and the class's tests then see that one. Stores of different tests never meet, so tests may run
 * in parallel.
 */
public final class PlumblineExtension implements ParameterResolver {
  /** The experiment of injected trackers. */
  static final String EXPERIMENT = "test";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(PlumblineExtension.class);

  /** Made by JUnit. */
  public PlumblineExtension() {}

  /** What JUnit closes when the test, or the class, has ended: in the opposite order of making. */
  private record Held<T extends AutoCloseable>(T value) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      value.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TrackingClient.class
        || type == TemporaryTracking.class
        || type == ModelRegistry.class
        || type == Tracker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TemporaryTracking tracking = tracking(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == ModelRegistry.class) {
      return tracking.registry();
    }
    return type == Tracker.class ? tracker(context, tracking) : tracking;
  }

  private static TemporaryTracking tracking(ExtensionContext context) {
    Object held =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent("tracking", key -> new Held<>(TemporaryTracking.open()));
    return (TemporaryTracking) ((Held<?>) held).value();
  }

  private static Tracker tracker(ExtensionContext context, TemporaryTracking tracking) {
    Object held =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent("tracker", key -> new Held<>(started(context, tracking)));
    return (Tracker) ((Held<?>) held).value();
  }

  private static Tracker started(ExtensionContext context, TemporaryTracking tracking) {
    String name =
        context
            .getTestMethod()
            .map(method -> context.getRequiredTestClass().getSimpleName() + "." + method.getName())
            .orElseGet(() -> context.getRequiredTestClass().getSimpleName());
    return tracking.start(EXPERIMENT, RunOptions.named(name));
  }
}
