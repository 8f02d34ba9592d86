package io.plumbline.tracking;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.TransportException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.FaultyBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Opens clients on stores of tests. */
final class Stores {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Whoever waits between two attempts waits hardly at all. */
  static final Sleeper SHORT = nanos -> Thread.sleep(nanos > 0 ? 1 : 0);

  private Stores() {}

  static Config.Builder config(Path folder) {
    return Config.builder()
        .isolated()
        .store(folder.resolve("store"))
        .set("shutdown.hook", "off")
        .set("journal.fsync", "none")
        .set("journal.ring.size", "256KiB");
  }

  static TrackingClient open(Path folder) {
    return TrackingClient.create(config(folder).build());
  }

  /** Opens a store whose runs a test has delivered elsewhere. */
  static Plumbline delivering(Path folder) {
    return Plumbline.open(
        Config.builder()
            .isolated()
            .store(folder.resolve("here"))
            .set("shutdown.hook", "off")
            .set("close.timeout", "2s")
            .set("journal.fsync", "none")
            .build());
  }

  /** Opens a store that stands for a server. */
  static FaultyBackend server(Path there) {
    return new FaultyBackend(
        EmbeddedBackend.open(
            there, Engine.journalOptions(Config.builder().isolated().store(there).build())),
        Sleeper.SYSTEM);
  }

  /** Lets the next ten thousand calls of a method fail. */
  static void failAll(
      FaultyBackend server, String method, Supplier<? extends RuntimeException> failure) {
    for (int nth = 1; nth <= 10_000; nth++) {
      server.fail(method, nth, FaultyBackend.When.BEFORE, failure);
    }
  }

  /** The next call of a method waits for the latch, and is then lost. */
  static void hold(FaultyBackend server, String method, CountDownLatch release) {
    server.fail(
        method,
        1,
        FaultyBackend.When.BEFORE,
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new TransportException("lost");
        });
  }

  /** Delivers to what stands for a server, also what earlier programs have left. */
  static Courier deliver(Plumbline plumbline, Backend to) {
    return deliver(plumbline, "there", to);
  }

  /** The same to what has that address. */
  static Courier deliver(Plumbline plumbline, String address, Backend to) {
    Courier courier = plumbline.engine().deliverTo(new Destination("there", address, to), SHORT);
    courier.resume();
    return courier;
  }

  /** Returns how the delivery to the only destination goes. */
  static DestinationDelivery delivery(Plumbline plumbline) {
    return plumbline.engine().couriers().get(0).delivery();
  }

  /** Waits until something is so, and fails if it does not become so. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
      }
      Thread.onSpinWait();
    }
  }

  /** Puts something before each batch of updates of a run. */
  static Backend applying(Backend to, BiConsumer<String, List<?>> before) {
    RunStore runs =
        (RunStore)
            Proxy.newProxyInstance(
                RunStore.class.getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("apply")) {
                    before.accept((String) args[0], (List<?>) args[2]);
                  }
                  return call(to.runs(), method, args);
                });
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) ->
                method.getName().equals("runs") ? runs : call(to, method, args));
  }

  private static Object call(Object to, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(to, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
