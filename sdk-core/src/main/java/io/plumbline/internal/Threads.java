package io.plumbline.internal;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the SDK's threads: daemons whose names begin with {@code plumbline-}, without a context
 * class loader and without inherited thread locals, so that they keep neither the JVM nor an
 * application's class loader alive.
 */
public final class Threads {

  private static final String PREFIX = "plumbline-";

  private Threads() {}

  /**
   * Makes one thread that is not started yet.
   *
   * @param name what the thread is for, such as {@code writer}
   * @param task what it runs
   */
  public static Thread daemon(String name, Runnable task) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(task, "task");
    Thread thread = new Thread(null, task, PREFIX + name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /**
   * Makes a factory for an executor's threads, which are numbered from 1.
   *
   * @param name what the threads are for, such as {@code courier}
   */
  public static ThreadFactory factory(String name) {
    Objects.requireNonNull(name, "name");
    AtomicInteger number = new AtomicInteger();
    return task -> daemon(name + "-" + number.incrementAndGet(), task);
  }
}
