package io.plumbline.tck;

import io.plumbline.internal.Sleeper;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend in front of another one that fails when a test says so. Safe for many threads.
 *
 * <pre>{@code
 * FaultyBackend faulty = new FaultyBackend(backend, TimeUnit.NANOSECONDS::sleep);
 * faulty.fail("apply", 2, When.AFTER, () -> new TransportException("the answer was lost"));
 * }</pre>
 */
public final class FaultyBackend implements Backend {
  /** At which side of the work a call fails. */
  public enum When {
    /** Nothing was stored: the request was lost. */
    BEFORE,
    /** All was stored: the answer was lost. */
    AFTER
  }

  private final Backend behind;
  private final Sleeper sleeper;
  private final RunStore runs;
  private final @Nullable ModelStore models;
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private @Nullable Supplier<? extends RuntimeException> refusal;

  /** A fault that waits for its call. */
  private static final class Fault {
    private final String method;
    private final When when;
    private final Supplier<? extends RuntimeException> failure;
    private int left;

    Fault(String method, int left, When when, Supplier<? extends RuntimeException> failure) {
      this.method = method;
      this.left = left;
      this.when = when;
      this.failure = failure;
    }
  }

  /** What is to happen in one call. */
  private record Plan(@Nullable Fault fault, Duration delay) {}

  private Duration delay = Duration.ZERO;

  /**
   * Makes one that does what the backend behind it does, for now.
   *
   * @param behind is closed with this one
   * @param sleeper waits where a test asks for a delay
   */
  public FaultyBackend(Backend behind, Sleeper sleeper) {
    this.behind = Objects.requireNonNull(behind, "behind");
    this.sleeper = Objects.requireNonNull(sleeper, "sleeper");
    this.runs = proxy(RunStore.class, behind.runs());
    this.models =
        behind.capabilities().contains(Capability.REGISTRY)
            ? proxy(ModelStore.class, behind.models())
            : null;
  }

  private <T> T proxy(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> call(target, method, args)));
  }

  /**
   * Lets one call fail.
   *
   * @param method a method of {@link RunStore} or {@link ModelStore}, such as {@code apply}, or
   *     {@code *} for any
   * @param nth which of its calls from now on; 1 is the next one
   * @param when before or after the work was done
   * @param failure makes what is thrown
   */
  public FaultyBackend fail(
      String method, int nth, When when, Supplier<? extends RuntimeException> failure) {
    if (nth < 1) {
      throw new IllegalArgumentException("nth is 1 for the next call, not " + nth);
    }
    boolean known = method.equals("*");
    for (Class<?> type : List.of(RunStore.class, ModelStore.class)) {
      for (Method each : type.getMethods()) {
        known |= each.getName().equals(method);
      }
    }
    if (!known) {
      throw new IllegalArgumentException(
          "neither RunStore nor ModelStore has a method '" + method + "'");
    }
    synchronized (faults) {
      faults.add(new Fault(method, nth, when, failure));
    }
    return this;
  }

  /** Refuses every call until {@link #accept()}: the backend is down. */
  public void refuse(Supplier<? extends RuntimeException> failure) {
    synchronized (faults) {
      refusal = Objects.requireNonNull(failure, "failure");
    }
  }

  /** Ends {@link #refuse}. */
  public void accept() {
    synchronized (faults) {
      refusal = null;
    }
  }

  /** Waits before every call from now on, by way of the sleeper. */
  public void delay(Duration before) {
    synchronized (faults) {
      delay = before;
    }
  }

  /** Returns the names of the methods that were called so far, in their order. */
  public List<String> calls() {
    synchronized (faults) {
      return List.copyOf(calls);
    }
  }

  private @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return invoke(target, method, args);
    }
    Plan plan = plan(method.getName());
    if (!plan.delay.isZero()) {
      sleeper.sleep(plan.delay.toNanos());
    }
    Fault fault = plan.fault;
    if (fault != null && fault.when == When.BEFORE) {
      throw fault.failure.get();
    }
    Object result = invoke(target, method, args);
    if (fault != null) {
      throw fault.failure.get();
    }
    return result;
  }

  private Plan plan(String method) {
    synchronized (faults) {
      calls.add(method);
      if (refusal != null) {
        return new Plan(new Fault(method, 0, When.BEFORE, refusal), delay);
      }
      Fault due = null;
      for (Fault fault : faults) {
        if (fault.method.equals(method) || fault.method.equals("*")) {
          fault.left--;
          if (fault.left == 0 && due == null) {
            due = fault;
          }
        }
      }
      faults.removeIf(fault -> fault.left <= 0);
      return new Plan(due, delay);
    }
  }

  private static @Nullable Object invoke(
      Object target, Method method, @Nullable Object @Nullable [] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return behind.capabilities();
  }

  @Override
  public RunStore runs() {
    return runs;
  }

  @Override
  public ModelStore models() {
    return models == null ? behind.models() : models;
  }

  @Override
  public void close() {
    behind.close();
  }
}
