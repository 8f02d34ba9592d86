package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.Plumbline;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Closing")
class ClosingTest {
  private static final int CYCLES =
      Math.max(
          20, (int) (1_000 * Double.parseDouble(System.getProperty("test.attack.scale", "0.05"))));

  private static List<String> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("plumbline-"))
        .toList();
  }

  private static void cycle(Path folder) {
    try (TrackingClient tracking = Stores.open(folder)) {
      tracking.run("cycle", tracker -> tracker.logMetric("loss", 1));
    }
  }

  @Test
  @DisplayName("gives back every thread, in any number of cycles")
  void threads(@TempDir Path folder) {
    List<String> before = ourThreads();
    for (int i = 0; i < CYCLES; i++) {
      cycle(folder);
    }
    Stores.await("only threads as before: " + before, () -> ourThreads().size() <= before.size());
    try (TrackingClient tracking = Stores.open(folder)) {
      assertThat(tracking.search("cycle", "")).hasSize(CYCLES);
    }
  }

  @Test
  @DisplayName("gives back every file, in any number of cycles")
  void files(@TempDir Path folder) throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "this system does not list the files of a process");
    for (int i = 0; i < 5; i++) {
      cycle(folder);
    }
    long before = ours(descriptors, folder);
    for (int i = 0; i < CYCLES; i++) {
      cycle(folder);
    }
    assertThat(ours(descriptors, folder)).isEqualTo(before).isZero();
  }

  private static long ours(Path descriptors, Path folder) throws IOException {
    long count = 0;
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path each : all.toList()) {
        try {
          count += Files.readSymbolicLink(each).startsWith(folder.toRealPath()) ? 1 : 0;
        } catch (IOException e) {
          // Closed meanwhile: the listing's own, for instance.
        }
      }
    }
    return count;
  }

  @Test
  @DisplayName("leaves a class loader that loaded the SDK free to go")
  void classLoader(@TempDir Path folder) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < CYCLES / 10; i++) {
      loaders.add(useAndDrop(folder));
    }
    Stores.await(
        "the class loaders are collected",
        () -> {
          System.gc();
          return loaders.stream().allMatch(loader -> loader.get() == null);
        });
    try (TrackingClient tracking = Stores.open(folder)) {
      assertThat(tracking.search(RunQuery.builder().build()).items())
          .hasSize(2 * loaders.size())
          .extracting(run -> run.status())
          .containsOnly(RunStatus.FINISHED, RunStatus.FAILED);
    }
  }

  private static WeakReference<ClassLoader> useAndDrop(Path folder) throws Exception {
    try (URLClassLoader loader = separateLoader()) {
      @SuppressWarnings("unchecked")
      Consumer<String> program = (Consumer<String>) make(loader, LoadedProgram.class);
      program.accept(folder.toString());
      return new WeakReference<>(loader);
    }
  }

  /** A class loader that shares nothing with this one but the JDK. */
  private static URLClassLoader separateLoader() throws IOException {
    List<URL> urls = new ArrayList<>();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String element : path.split(File.pathSeparator, -1)) {
      urls.add(Path.of(element).toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static Object make(ClassLoader loader, Class<?> program) throws Exception {
    Class<?> type = loader.loadClass(program.getName());
    assertThat(type).isNotSameAs(program);
    return type.getDeclaredConstructor().newInstance();
  }

  @Test
  @DisplayName("by one class loader disturbs no other one that writes into the same run")
  void classLoadersInOneRun(@TempDir Path folder) throws Exception {
    try (TrackingClient tracking = Stores.open(folder);
        URLClassLoader one = separateLoader();
        URLClassLoader two = separateLoader()) {
      Tracker tracker = tracking.start("shared");
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (ClassLoader loader : List.of(one, two)) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    @SuppressWarnings("unchecked")
                    BiConsumer<String, String> program =
                        (BiConsumer<String, String>) make(loader, JoiningProgram.class);
                    program.accept(folder.toString(), tracker.id());
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (int i = 0; i < JoiningProgram.POINTS; i++) {
        tracker.logMetric("loss", i, i);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(tracking.get(tracker.id()).status()).isEqualTo(RunStatus.RUNNING);
      assertThat(tracking.metricHistory(tracker.id(), "loss").summary().count())
          .isEqualTo(3L * JoiningProgram.POINTS);
      tracker.finish();
      assertThat(tracking.get(tracker.id()).status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("may be repeated, and ends what is open as FAILED with all that was logged")
  void twice(@TempDir Path folder) {
    TrackingClient tracking = Stores.open(folder);
    Tracker tracker = tracking.start("open");
    tracker.logMetric("loss", 1);
    tracking.close();
    tracking.close();
    tracker.close();
    try (TrackingClient again = Stores.open(folder)) {
      assertThat(again.get(tracker.id()).status()).isEqualTo(RunStatus.FAILED);
      assertThat(again.get(tracker.id()).metric("loss")).hasValue(1);
    }
  }

  @Test
  @DisplayName("lets later writes fail at once with an IllegalStateException")
  void afterwards(@TempDir Path folder) {
    TrackingClient tracking = Stores.open(folder);
    Tracker tracker = tracking.start("open");
    String ended = tracking.run("open", t -> {}).id();
    tracking.close();
    assertThatThrownBy(() -> tracker.logMetric("loss", 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracker.logParam("p", 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracking.start("open")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracking.setTag(ended, "k", "v"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tracking.resume(ended, Resume.MUST))
        .isInstanceOf(IllegalStateException.class);
    try (TrackingClient again = Stores.open(folder)) {
      assertThat(again.search("open", "")).hasSize(2);
      assertThat(again.get(ended).tags()).doesNotContainKey("k");
    }
  }

  @Test
  @DisplayName("a client on an opened Plumbline leaves that open for others")
  void shared(@TempDir Path folder) {
    try (Plumbline plumbline = Plumbline.open(Stores.config(folder).build())) {
      TrackingClient first = TrackingClient.of(plumbline);
      TrackingClient second = TrackingClient.of(plumbline);
      Tracker tracker = first.start("shared");
      first.close();
      tracker.logMetric("loss", 1);
      assertThat(second.get(tracker.id()).metric("loss")).hasValue(1);
      tracker.finish();
    }
  }

  @Test
  @DisplayName("several clients on one store see each other's runs at once")
  void concurrentClients(@TempDir Path folder) {
    try (TrackingClient first = Stores.open(folder);
        TrackingClient second = Stores.open(folder)) {
      for (int i = 0; i < 20; i++) {
        Tracker tracker = (i % 2 == 0 ? first : second).start("both");
        tracker.logMetric("loss", i);
        tracker.finish();
        assertThat((i % 2 == 0 ? second : first).get(tracker.id()).metric("loss")).hasValue(i);
        assertThat(first.search("both", "")).hasSize(i + 1);
        assertThat(second.search("both", "")).hasSize(i + 1);
      }
    }
  }
}
