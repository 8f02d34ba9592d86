package io.plumbline.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests with OkHttp. Only calls that OkHttp 3.12, 4.12 and 5 have in common are made: a
 * host such as Spark may bring an older one.
 */
public final class OkHttpTransport implements HttpTransport {
  private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

  private final OkHttpClient client;

  /** Makes a transport; nothing is connected yet. */
  public OkHttpTransport(HttpSettings settings) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            // A pool of its own: the shared one would outlive this client and its class loader.
            // Idle connections go before the server closes them (gunicorn after 2 s, uvicorn after
            // 5 s): a request on its way at that moment fails, and not every one may be repeated.
            .connectionPool(new ConnectionPool(5, 1_500, TimeUnit.MILLISECONDS))
            .connectTimeout(settings.connect().toMillis(), TimeUnit.MILLISECONDS)
            .readTimeout(settings.idle().toMillis(), TimeUnit.MILLISECONDS)
            .writeTimeout(settings.idle().toMillis(), TimeUnit.MILLISECONDS)
            .socketFactory(new PromptSockets())
            .proxySelector(settings.proxies())
            // A redirected POST would become a GET, and its success would mean nothing.
            .followRedirects(false)
            .followSslRedirects(false)
            // It would send a request again that may have had its effect.
            .retryOnConnectionFailure(false)
            .addInterceptor(
                chain ->
                    waiting(chain)
                        .proceed(
                            chain
                                .request()
                                .newBuilder()
                                .header("User-Agent", settings.userAgent())
                                .build()));
    addProxyLogin(builder, settings.proxyLogin());
    Tls tls = settings.tls();
    if (tls != null) {
      builder.sslSocketFactory(tls.context().getSocketFactory(), tls.trust());
      if (tls.anyHost()) {
        builder.hostnameVerifier((host, session) -> true);
      }
    }
    this.client = builder.build();
  }

  /** Some answers take longer than silence usually may. */
  private static Interceptor.Chain waiting(Interceptor.Chain chain) {
    Duration silence = chain.request().tag(Duration.class);
    long millis = silence == null ? 0 : Math.min(Integer.MAX_VALUE, silence.toMillis());
    return millis > chain.readTimeoutMillis()
        ? chain.withReadTimeout((int) millis, TimeUnit.MILLISECONDS)
        : chain;
  }

  /**
   * A tunnel is opened with the login when the proxy asks for it. Where there is no tunnel the
   * login is sent at once: else every body would be sent twice.
   */
  private static void addProxyLogin(OkHttpClient.Builder builder, ProxyLogin login) {
    builder.proxyAuthenticator(
        (route, response) ->
            route == null || hasLogin(response) || hasLogin(response.networkResponse())
                ? null
                : withLogin(response.request(), login.authorization(route.proxy())));
    builder.addNetworkInterceptor(
        chain -> {
          Request request = chain.request();
          Connection connection = chain.connection();
          if (connection == null || request.isHttps()) {
            return chain.proceed(request);
          }
          Request known = withLogin(request, login.authorization(connection.route().proxy()));
          return chain.proceed(known == null ? request : known);
        });
  }

  /** Whether the login was sent already, so that it is a wrong one. */
  private static boolean hasLogin(@Nullable Response response) {
    return response != null && response.request().header(PROXY_AUTHORIZATION) != null;
  }

  private static @Nullable Request withLogin(Request request, @Nullable String authorization) {
    return authorization == null
        ? null
        : request.newBuilder().header(PROXY_AUTHORIZATION, authorization).build();
  }

  @Override
  public HttpAnswer send(HttpRequest request) throws IOException {
    Request.Builder builder = new Request.Builder().url(request.url());
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue());
    }
    HttpBody body = request.body();
    builder.method(request.method(), body == null ? null : new Sent(body));
    builder.tag(Duration.class, request.silence());
    Call call = client.newCall(builder.build());
    if (request.timeout() != null) {
      call.timeout().timeout(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
    return new Answer(execute(call));
  }

  /** OkHttp is Kotlin, which throws what it does not declare: an interrupt while it connects. */
  private static Response execute(Call call) throws IOException {
    try {
      return call.execute();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  @Override
  public void close() {
    // An interrupt does not reach a thread that waits for an answer.
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private static final class Sent extends RequestBody {
    private final HttpBody body;

    Sent(HttpBody body) {
      this.body = body;
    }

    @Override
    public MediaType contentType() {
      return MediaType.get(body.contentType());
    }

    @Override
    public long contentLength() {
      return body.length();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      // Not closed: the sink is OkHttp's.
      OutputStream out = sink.outputStream();
      body.writeTo(out);
      out.flush();
    }
  }

  private static final class Answer implements HttpAnswer {
    private final Response response;
    private final ResponseBody body;

    Answer(Response response) {
      this.response = response;
      this.body = Objects.requireNonNull(response.body());
    }

    @Override
    public int status() {
      return response.code();
    }

    @Override
    public @Nullable String header(String name) {
      return response.header(name);
    }

    @Override
    public InputStream body() {
      return body.byteStream();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
