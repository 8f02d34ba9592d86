package io.plumbline.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server, and does to their exchanges what networks do. */
final class FaultyProxy implements AutoCloseable {
  /** What is done to an exchange. */
  enum Fault {
    /** The connection ends before the server hears of the request. */
    CUT_BEFORE,
    /** The connection ends when the server has answered. */
    CUT_AFTER,
    /** The connection ends in the middle of the answer. */
    TRUNCATE,
    /** The answer is late. */
    DELAY,
    /** The server gets the request twice; one of its answers is passed on. */
    DUPLICATE,
    /** Something on the way says that there is too much to do, or the server itself does. */
    BUSY,
    /** The same, with the time after which to come back. */
    BUSY_WITH_TIME,
    /** A failure without a word of MLflow's. */
    INTERNAL,
    /** The server is said to be away. */
    AWAY,
    /** A page as of a login, with a success. */
    PAGE_OF_SUCCESS,
    /** A page as of a gateway. */
    PAGE_OF_FAILURE,
    /** Of an answer in JSON one value is of another type. */
    OTHER_TYPE,
    /** Brackets without an end. */
    DEEP,
    /** A success that says nothing. */
    NOTHING
  }

  private static final Set<String> OWN =
      Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");
  private static final String PAGE = "<!doctype html><html><title>x</title><p>%s</p></html>";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String target;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private volatile @Nullable UnaryOperator<String> distortion;
  private @Nullable Random random;
  private int percent;

  /**
   * Starts one, which passes on everything.
   *
   * @param target the server's address
   */
  FaultyProxy(String target) {
    this(target, 0);
  }

  /** Starts one at a port; 0 for any. */
  FaultyProxy(String target, int port) {
    this.target = target;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String root() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Does something to so many of a hundred exchanges from now on. */
  synchronized void fail(int percentOfThem, Random by) {
    percent = percentOfThem;
    random = by;
  }

  /** Changes the content of every successful answer from now on. */
  void distort(UnaryOperator<String> by) {
    distortion = by;
  }

  /** Passes on everything from now on, as it is. */
  synchronized void heal() {
    random = null;
    distortion = null;
  }

  /** Returns how often what was done. */
  synchronized Map<Fault, Integer> done() {
    return new EnumMap<>(done);
  }

  /** What is done to one exchange; whether first or last, and how much, is drawn with it. */
  private record Plan(@Nullable Fault fault, boolean passedOn, double share) {}

  private synchronized Plan plan() {
    if (random == null || random.nextInt(100) >= percent) {
      return new Plan(null, true, 1);
    }
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    done.merge(fault, 1, Integer::sum);
    return new Plan(fault, random.nextBoolean(), random.nextDouble());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      carryOut(exchange, body, plan());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOut(HttpExchange exchange, byte[] body, Plan plan)
      throws IOException, InterruptedException {
    UnaryOperator<String> by = distortion;
    if (by != null) {
      HttpResponse<byte[]> answer = pass(exchange, body);
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      String odd = answer.statusCode() < 300 ? by.apply(text) : text;
      say(exchange, answer.statusCode(), "application/json", odd);
      return;
    }
    if (plan.fault == null) {
      answer(exchange, pass(exchange, body), 1);
      return;
    }
    switch (plan.fault) {
      case CUT_BEFORE -> {} // closing an exchange that has no answer closes the connection
      case CUT_AFTER -> pass(exchange, body);
      case TRUNCATE -> answer(exchange, pass(exchange, body), plan.share);
      case DELAY -> {
        Thread.sleep((long) (40 * plan.share));
        answer(exchange, pass(exchange, body), 1);
      }
      case DUPLICATE -> {
        HttpResponse<byte[]> first = pass(exchange, body);
        HttpResponse<byte[]> second = pass(exchange, body);
        answer(exchange, plan.passedOn ? first : second, 1);
      }
      case OTHER_TYPE -> {
        HttpResponse<byte[]> answer = pass(exchange, body);
        byte[] odd = OtherTypes.of(answer.body(), plan.share);
        say(exchange, answer.statusCode(), "application/json", odd);
      }
      case NOTHING -> {
        HttpResponse<byte[]> answer = pass(exchange, body);
        say(exchange, answer.statusCode(), "application/json", "");
      }
      default -> {
        // A failure is told before the server has heard of it, or although it has.
        if (plan.passedOn) {
          pass(exchange, body);
        }
        refuse(exchange, plan.fault, plan.share);
      }
    }
  }

  private HttpResponse<byte[]> pass(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    boolean none = body.length == 0 && !exchange.getRequestMethod().equals("PUT");
    request.method(
        exchange.getRequestMethod(),
        none ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Passes an answer on, or its beginning: then the connection ends. */
  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, double share)
      throws IOException {
    byte[] body = answer.body();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    // One byte more than there is: also an answer without content can be cut off.
    int sent = share >= 1 ? body.length : (int) (body.length * share);
    int said = share >= 1 ? body.length : Math.max(1, body.length);
    exchange.sendResponseHeaders(answer.statusCode(), said == 0 ? -1 : said);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, sent);
    out.flush();
  }

  private static void refuse(HttpExchange exchange, Fault fault, double share) throws IOException {
    switch (fault) {
      case BUSY -> say(exchange, 429, "text/plain", "too many requests");
      case BUSY_WITH_TIME -> {
        String[] waits = {
          "0", "1", "120", "999999999", "-5", "soon", "Fri, 31 Dec 9999 23:59:59 GMT"
        };
        exchange.getResponseHeaders().set("Retry-After", waits[(int) (share * waits.length)]);
        say(exchange, share * 2 % 1 < 0.5 ? 429 : 503, "text/plain", "come back later");
      }
      case INTERNAL -> say(exchange, 500, "text/plain", "Internal Server Error");
      case AWAY -> say(exchange, 503, "text/html", String.format(PAGE, "Service Unavailable"));
      case DEEP -> say(exchange, 200, "application/json", "[".repeat(10_000));
      case PAGE_OF_SUCCESS -> say(exchange, 200, "text/html", String.format(PAGE, "Sign in"));
      default -> say(exchange, 502, "text/html", String.format(PAGE, "Bad Gateway"));
    }
  }

  private static void say(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    say(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void say(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
