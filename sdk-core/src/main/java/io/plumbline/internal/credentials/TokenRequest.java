package io.plumbline.internal.credentials;

import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.HttpTransport;
import io.plumbline.internal.http.RetryAfter;
import io.plumbline.internal.http.UrlText;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Asks a token server for a token, once: RFC 6749, sections 2.3.1, 4.4 and 5. The client's secret
 * is in the request's head only, and in no message.
 */
public final class TokenRequest {
  private static final int MOST = 256 << 10;
  private static final int SHOWN = 300;

  /** A token that does not say when it expires is used until it is refused, but not for ever. */
  private static final long UNTIL_REFUSED = Duration.ofDays(1).toSeconds();

  private final HttpTransport transport;
  private final String url;
  private final String client;
  private final Secret secret;
  private final @Nullable String scope;
  private final Duration timeout;

  /**
   * A token.
   *
   * @param text what is sent behind {@code Bearer}
   * @param seconds for how long it is good, from 0
   */
  record Token(Secret text, long seconds) {}

  /**
   * Makes the request.
   *
   * @param transport sends it
   * @param url where the token server is asked
   * @param client the client's id
   * @param secret the client's secret
   * @param scope what the token is for, or null if that is not said
   * @param timeout the longest time for it
   */
  public TokenRequest(
      HttpTransport transport,
      String url,
      String client,
      Secret secret,
      @Nullable String scope,
      Duration timeout) {
    this.transport = transport;
    this.url = url;
    this.client = client;
    this.secret = secret;
    this.scope = scope;
    this.timeout = timeout;
  }

  /**
   * Fetches a token.
   *
   * @throws ServerException if it is refused; the message says why, as the token server has it
   * @throws TransportException if there is no answer, or one that is not a token server's
   */
  Token fetch() {
    String form =
        "grant_type=client_credentials" + (scope == null ? "" : "&scope=" + UrlText.encode(scope));
    HttpRequest request =
        HttpRequest.of(
                "POST",
                url,
                HttpBody.bytes(
                    "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.US_ASCII)),
                timeout)
            .header("Accept", "application/json")
            .header("Authorization", authorization());
    try (HttpAnswer answer = transport.send(request)) {
      byte[] content = answer.start(MOST);
      if (!answer.successful()) {
        throw refused(request, answer, content);
      }
      return token(Json.object(content, "the answer to " + request));
    } catch (JsonException e) {
      // Its message may show a part of the answer, and that part may be the token.
      throw new TransportException(
          request + " was answered with something that is not a token server's");
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new TransportException(request + " for a token failed: " + why, e);
    }
  }

  private String authorization() {
    // Both are encoded as a form is, before they are joined: an id may have a colon.
    String pair = UrlText.encode(client) + ":" + UrlText.encode(secret.reveal());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  private static Token token(JsonObject json) {
    String type = json.stringOr("token_type", "Bearer");
    String text = json.string("access_token");
    boolean sendable = !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127);
    if (type == null || !type.equalsIgnoreCase("Bearer") || !sendable) {
      throw new JsonException("not a bearer token");
    }
    Object seconds = json.asMap().get("expires_in");
    return new Token(Secret.of(text), seconds == null ? UNTIL_REFUSED : seconds(seconds));
  }

  /** A number, which some servers write as a text. */
  private static long seconds(Object value) {
    try {
      double number =
          value instanceof Number given ? given.doubleValue() : Double.parseDouble("" + value);
      return (long) Math.max(0, number);
    } catch (NumberFormatException e) {
      throw new JsonException("not a number of seconds", e);
    }
  }

  private RuntimeException refused(HttpRequest request, HttpAnswer answer, byte[] content) {
    String text = request + " for a token was answered with " + answer.status() + reason(content);
    String wait = answer.header("Retry-After");
    return switch (answer.status()) {
      case 400, 401, 403 ->
          new ServerException.Unauthorized(
              answer.status(), text + "; check the settings plumbline.tracking.oauth.*");
      case 429 -> new ServerException.RateLimited(429, text, RetryAfter.parse(wait, Instant.now()));
      default -> new ServerException(answer.status(), text);
    };
  }

  private String reason(byte[] content) {
    try {
      JsonObject json = Json.object(content, "answer");
      String said = json.stringOrEmpty("error") + " " + json.stringOrEmpty("error_description");
      return said.isBlank()
          ? ""
          : ": " + Printable.line(Printable.start(hidden(said.strip()), SHOWN));
    } catch (JsonException e) {
      return "";
    }
  }

  /** Some servers repeat what they were sent. */
  private String hidden(String text) {
    return secret.reveal().isEmpty() ? text : text.replace(secret.reveal(), "[hidden]");
  }
}
