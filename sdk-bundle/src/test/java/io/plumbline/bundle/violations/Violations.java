package io.plumbline.bundle.violations;

import java.io.ObjectInputStream;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** Classes that break the rules of the house, one rule each. This package has no package-info. */
public final class Violations {
  private Violations() {}

  static final class Feature {}

  static final class KnowsAFeature {
    Feature feature = new Feature();
  }

  /** Shows a library in each place of a declaration where a type can stand. */
  public interface ShowsLibrary {
    void parameter(Logger logger);

    List<Logger> typeArgument();

    Logger[] array();

    void thrown() throws io.github.metarank.lightgbm4j.LGBMException;
  }

  static class HoldsSecrets {
    static final String TOKEN = "plumbline.token";
    String apiKey = "";
    String userPassword = "";
    String pageToken = "";
  }

  static class ReadsContextLoader {
    ClassLoader loader() {
      return Thread.currentThread().getContextClassLoader();
    }
  }

  static class Pool {
    ForkJoinPool common() {
      return ForkJoinPool.commonPool();
    }

    CompletableFuture<Integer> future() {
      return CompletableFuture.supplyAsync(() -> 1);
    }

    Stream<String> collection(Collection<String> texts) {
      return texts.parallelStream();
    }

    Stream<String> stream(Stream<String> texts) {
      return texts.parallel();
    }

    CompletableFuture<Integer> own(Executor executor) {
      return CompletableFuture.supplyAsync(() -> 1, executor);
    }
  }

  static class StaticThreads {
    static final Executor POOL = Executors.newSingleThreadExecutor();
    static final Thread THREAD = new Thread(() -> {});
  }

  static class ReadsObjects {
    Object read(ObjectInputStream in) throws Exception {
      return in.readObject();
    }
  }

  static class LogsAsOf20 {
    void log(Logger logger) {
      logger.atInfo().log("text");
    }
  }

  static class ChangesProcess {
    void property() {
      System.setProperty("key", "value");
    }

    void exit() {
      System.exit(1);
    }
  }

  static class Prints {
    void out() {
      System.out.println();
    }

    void err() {
      System.err.println();
    }

    void trace(Exception e) {
      e.printStackTrace();
    }
  }
}
