package io.plumbline.mlflow;

import io.plumbline.model.MetricHistory;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Breaks off whoever uses a backend: after some calls or in the middle of a history. */
final class BrokenOff {
  /** What ends the program, in a manner of speaking. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private BrokenOff() {}

  static Backend after(int calls, Backend backend) {
    AtomicInteger left = new AtomicInteger(calls);
    return counting(Backend.class, backend, left);
  }

  private static <T> T counting(Class<T> type, T target, AtomicInteger left) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object answer;
              try {
                answer = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (answer instanceof RunStore runs) {
                return counting(RunStore.class, runs, left);
              } else if (answer instanceof ModelStore models) {
                return counting(ModelStore.class, models, left);
              }
              boolean last = left.decrementAndGet() < 0;
              if (answer instanceof MetricHistory history) {
                return last ? cut(history) : history;
              } else if (last) {
                throw new Ended();
              }
              return answer;
            }));
  }

  /** A history that ends in an exception after a third of its points. */
  private static MetricHistory cut(MetricHistory history) {
    return (MetricHistory)
        Proxy.newProxyInstance(
            MetricHistory.class.getClassLoader(),
            new Class<?>[] {MetricHistory.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("stream")) {
                return method.invoke(history, arguments);
              }
              return Stream.concat(
                  history.stream().limit(history.summary().count() / 3),
                  Stream.generate(
                      () -> {
                        throw new Ended();
                      }));
            });
  }
}
