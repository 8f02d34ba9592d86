package io.plumbline.internal.copy;

import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A backend in front of another one, in which some things cannot be had. */
final class Trouble {
  /** Some calls, and what becomes of them. */
  private record Fault(
      String method,
      String argument,
      AtomicInteger left,
      Supplier<? extends RuntimeException> failure) {
    boolean concerns(String call, @Nullable Object @Nullable [] arguments) {
      return method.equals("*")
          ? !call.equals("runs") && !call.equals("models")
          : method.equals(call) && Arrays.deepToString(arguments).contains(argument);
    }
  }

  private final Backend behind;
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private int breakAfter = -1;
  private String breakAt = "";
  private Supplier<? extends RuntimeException> breakWith = IllegalStateException::new;

  Trouble(Backend behind) {
    this.behind = behind;
  }

  /**
   * Lets calls fail.
   *
   * @param argument which is among the arguments' texts
   * @param times how many of them
   */
  void fail(
      String method, String argument, int times, Supplier<? extends RuntimeException> failure) {
    faults.add(new Fault(method, argument, new AtomicInteger(times), failure));
  }

  /** Lets a call fail, and then everything that is asked. */
  void failFrom(String method, String argument, Supplier<? extends RuntimeException> failure) {
    fail(
        method,
        argument,
        1,
        () -> {
          fail("*", "", Integer.MAX_VALUE, failure);
          return failure.get();
        });
  }

  /** Lets the next stream of such a call break off after so many bytes. */
  void breakOff(String argument, int bytes, Supplier<? extends RuntimeException> failure) {
    breakAt = argument;
    breakAfter = bytes;
    breakWith = failure;
  }

  /** Lets everything succeed from now on, and forgets the calls. */
  void heal() {
    faults.clear();
    calls.clear();
  }

  /** Returns the calls of a method, each with its arguments. */
  List<String> calls(String method) {
    return calls.stream().filter(call -> call.startsWith(method + " ")).toList();
  }

  Backend backend() {
    return proxy(Backend.class, behind);
  }

  private <T> T proxy(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              before(method.getName(), arguments);
              Object answer;
              try {
                answer = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
              if (answer instanceof RunStore runs) {
                return proxy(RunStore.class, runs);
              } else if (answer instanceof ModelStore models) {
                return proxy(ModelStore.class, models);
              }
              return answer instanceof InputStream in
                      && Arrays.deepToString(arguments).contains(breakAt)
                  ? broken(in)
                  : answer;
            }));
  }

  private void before(String method, @Nullable Object @Nullable [] arguments) {
    calls.add(method + " " + Arrays.deepToString(arguments));
    for (Fault fault : List.copyOf(faults)) {
      if (fault.concerns(method, arguments) && fault.left.getAndDecrement() > 0) {
        throw fault.failure.get();
      }
    }
  }

  private InputStream broken(InputStream in) {
    int bytes = breakAfter;
    breakAfter = -1;
    if (bytes < 0) {
      return in;
    }
    return new FilterInputStream(in) {
      private int left = bytes;

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
          throw breakWith.get();
        }
        int read = super.read(buffer, offset, Math.min(left, length));
        left -= Math.max(read, 0);
        return read;
      }
    };
  }
}
