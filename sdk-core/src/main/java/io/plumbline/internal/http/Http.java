package io.plumbline.internal.http;

import io.plumbline.PlumblineException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one server, with its credentials, once. A 401 makes it ask for other
 * credentials, and if there are some, send the request a second time: it was not carried out.
 */
public final class Http implements AutoCloseable {
  private final HttpTransport transport;
  private final HttpTransport elsewhere;
  private final CredentialProvider provider;
  private final Duration attempt;
  private final Map<String, String> headers;
  private final SentSecrets sent = new SentSecrets();
  private volatile boolean closed;

  /**
   * Makes a client.
   *
   * @param transport sends; closed with this
   * @param provider knows the credentials
   * @param attempt the longest time for one request and its whole answer
   */
  public Http(HttpTransport transport, CredentialProvider provider, Duration attempt) {
    this(transport, provider, attempt, Map.of());
  }

  /**
   * Makes a client.
   *
   * @param transport sends; closed with this
   * @param provider knows the credentials
   * @param attempt the longest time for one request and its whole answer
   * @param headers what the server gets with each request, besides the credentials
   */
  public Http(
      HttpTransport transport,
      CredentialProvider provider,
      Duration attempt,
      Map<String, String> headers) {
    this(transport, transport, provider, attempt, headers);
  }

  /**
   * Makes a client.
   *
   * @param transport sends to the server; closed with this
   * @param elsewhere sends to other addresses, to which nobody is known and who must prove who they
   *     are; closed with this
   * @param provider knows the credentials
   * @param attempt the longest time for one request and its whole answer
   * @param headers what the server gets with each request, besides the credentials
   */
  public Http(
      HttpTransport transport,
      HttpTransport elsewhere,
      CredentialProvider provider,
      Duration attempt,
      Map<String, String> headers) {
    this.transport = transport;
    this.elsewhere = elsewhere;
    this.provider = provider;
    this.attempt = attempt;
    this.headers = Map.copyOf(headers);
  }

  /** Returns the longest time for one request and its whole answer. */
  public Duration attempt() {
    return attempt;
  }

  /**
   * Sends a request.
   *
   * @throws TransportException if there is no answer, or there are no credentials now; the message
   *     names the request
   * @throws ServerException.Unauthorized if the token is none that can be sent
   * @throws IllegalStateException if this is closed
   */
  public HttpAnswer send(HttpRequest given) {
    HttpRequest request = given;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      request = request.header(header.getKey(), header.getValue());
    }
    Credentials first = credentials(null);
    HttpAnswer answer = sendWith(transport, request, first);
    if (answer.status() != 401) {
      return answer;
    }
    Credentials second;
    try {
      second = credentials(first);
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
    if (second.equals(first)) {
      return answer;
    }
    answer.close();
    return sendWith(transport, request, second);
  }

  /** A provider may be anybody's code: what it fails with says nothing about the request. */
  private Credentials credentials(@Nullable Credentials refused) {
    try {
      return provider.credentials(refused);
    } catch (PlumblineException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new TransportException(
          "the credential provider has failed: " + e.getClass().getName(), e);
    }
  }

  /**
   * Sends a request to an address that must not see our credentials, nor be trusted as the server
   * is.
   */
  public HttpAnswer sendPlain(HttpRequest request) {
    return sendWith(elsewhere, request, new Credentials.None());
  }

  private HttpAnswer sendWith(HttpTransport through, HttpRequest request, Credentials credentials) {
    if (closed) {
      throw new IllegalStateException("this backend is closed; open another one");
    }
    sent.add(credentials);
    String authorization = authorization(credentials);
    try {
      return through.send(
          authorization == null ? request : request.header("Authorization", authorization));
    } catch (IOException e) {
      throw failure(request, e);
    }
  }

  /**
   * Returns a text of a server without the credentials that were sent to it last: some repeat what
   * they were sent.
   */
  public String hidden(String text) {
    return sent.hidden(text);
  }

  /** Returns what a failed request, or a failed reading of its answer, is to be thrown as. */
  public TransportException failure(HttpRequest request, IOException e) {
    String why =
        e instanceof InterruptedIOException
            ? (Thread.currentThread().isInterrupted() ? "interrupted" : "no answer in time")
            : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new TransportException(request + " failed: " + why + hint(e), e);
  }

  private static String hint(IOException e) {
    return e instanceof SSLException && String.valueOf(e.getMessage()).contains("SSL message")
        ? "; what answers there speaks no TLS: an address of http:// may be meant"
        : "";
  }

  private static @Nullable String authorization(Credentials credentials) {
    if (credentials instanceof Credentials.Basic basic) {
      return basic(basic.username(), basic.password());
    }
    if (credentials instanceof Credentials.Bearer bearer) {
      return "Bearer " + sendable(bearer.token());
    }
    return null;
  }

  /** Returns the header's value for a name and a password: RFC 7617. */
  static String basic(String username, Secret password) {
    String pair = username + ":" + password.reveal();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A token that no header can hold is refused here: the library's message would show it. It is the
   * token that is refused, not what is sent with it.
   */
  private static String sendable(Secret token) {
    String text = token.reveal();
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new ServerException.Unauthorized(
          0,
          "the token for the server is empty, or has characters that no token has, such as a line"
              + " end");
    }
    return text;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transport.close();
      elsewhere.close();
    }
  }
}
