package io.plumbline.mlflow;

import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked of a server once, because it does not change while the server runs. */
final class ServerFacts {
  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.[0-9A-Za-z.]{1,30}");

  /** More servers than anybody has. */
  private static final int MOST = 1_000;

  /** For how long a way that has failed is not taken. */
  private static final Duration AVOIDED = Duration.ofMinutes(5);

  private final Set<String> lacking = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> avoided = new ConcurrentHashMap<>();
  private final LongSupplier clock;
  private volatile @Nullable String version;

  ServerFacts() {
    this(System::nanoTime);
  }

  /**
   * Makes it.
   *
   * @param clock says nanoseconds
   */
  ServerFacts(LongSupplier clock) {
    this.clock = clock;
  }

  /** Returns MLflow's version, such as {@code 3.17.2}; empty if the server does not say it. */
  String version(Rest rest) {
    String known = version;
    if (known == null) {
      known = ask(rest);
      version = known;
    }
    return known;
  }

  private static String ask(Rest rest) {
    HttpRequest request = HttpRequest.of("GET", rest.base() + "/version", null, rest.patience());
    try (HttpAnswer answer = rest.transfer(request, true)) {
      String text = new String(answer.start(100), StandardCharsets.UTF_8).strip();
      return VERSION.matcher(text).matches() ? text : "";
    } catch (IOException e) {
      throw rest.failure(request, e);
    } catch (Refused e) {
      if (e.refusal().status() == 404) {
        return "";
      }
      throw e.refusal().exception();
    }
  }

  /**
   * Returns whether the server keeps logged models, as MLflow does since 3.0. Before that a model
   * is a folder of its run's artifacts. A server that does not say its version is a new one.
   */
  boolean keepsModels(Rest rest) {
    Matcher matcher = VERSION.matcher(version(rest));
    return !matcher.matches() || Integer.parseInt(matcher.group(1)) >= 3;
  }

  /** Returns whether something may be offered: nobody has found out that it is not. */
  boolean offers(String what) {
    if (lacking.contains(what)) {
      return false;
    }
    Long since = avoided.get(what);
    return since == null || clock.getAsLong() - since > AVOIDED.toNanos();
  }

  /** Remembers for a while that something has failed, which need not stay so. */
  void avoid(String what) {
    if (avoided.size() < MOST) {
      avoided.put(what, clock.getAsLong());
    }
  }

  /** Remembers that something is not offered. */
  void lacks(String what) {
    if (lacking.size() < MOST) {
      lacking.add(what);
    }
  }
}
