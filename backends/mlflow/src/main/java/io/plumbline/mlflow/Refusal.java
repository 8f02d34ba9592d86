package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.RetryAfter;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What a server, or something before it, answered instead of what was asked for.
 *
 * @param request method and address
 * @param status the HTTP status
 * @param code MLflow's error code, {@value #UNNAMED} if it says none; empty if the answer is not
 *     MLflow's
 * @param message what it says, on one line
 * @param answer the whole answer, for its headers
 */
record Refusal(HttpRequest request, int status, String code, String message, HttpAnswer answer) {
  private static final int MOST = 64 << 10;
  private static final int SHOWN = 600;
  private static final String UNNAMED = "UNNAMED";
  private static final Pattern MARKUP =
      Pattern.compile("(?is)<(style|script|title)\\b.*?</\\1>|<[^>]{0,200}>");

  /** What is no use to ask again for, although the status is a server's failure. */
  private static final Set<String> PERMANENT = Set.of("FEATURE_DISABLED", "NOT_IMPLEMENTED");

  /**
   * Reads the beginning of the answer's content.
   *
   * @param hidden leaves out of a text what must not be shown
   * @throws IOException if the answer breaks off: without its words a refusal may mean anything
   */
  static Refusal of(HttpRequest request, HttpAnswer answer, UnaryOperator<String> hidden)
      throws IOException {
    String text = new String(answer.start(MOST), StandardCharsets.UTF_8);
    if (text.stripLeading().startsWith("{")) {
      try {
        JsonObject json = JsonObject.of(Json.parse(text), "answer");
        String code = String.valueOf(json.stringOr("error_code", UNNAMED));
        String said = String.valueOf(json.stringOr("message", json.stringOrEmpty("detail")));
        return new Refusal(request, answer.status(), code, line(hidden.apply(said)), answer);
      } catch (JsonException e) {
        return new Refusal(request, answer.status(), "", line(hidden.apply(text)), answer);
      }
    }
    String plain = MARKUP.matcher(text).replaceAll(" ");
    return new Refusal(request, answer.status(), "", line(hidden.apply(plain)), answer);
  }

  private static String line(String text) {
    return Printable.start(text.strip().replaceAll("\\s+", " "), SHOWN);
  }

  /** Returns whether MLflow said this code. */
  boolean is(String wanted) {
    return code.equals(wanted);
  }

  /** Returns whether MLflow said that there is no such thing. */
  boolean isMissing() {
    return is("RESOURCE_DOES_NOT_EXIST") || (status == 404 && is("NOT_FOUND"));
  }

  /** Returns whether it is the server's way to say that a run is deleted. */
  boolean isOfDeleted() {
    return is("INVALID_PARAMETER_VALUE") && message.contains("must be in the 'active' state");
  }

  /** Returns whether the caller's input was refused. */
  boolean isOfInput() {
    return status == 400 && (is("INVALID_PARAMETER_VALUE") || is("BAD_REQUEST"));
  }

  /**
   * Returns what is thrown where nothing better is known.
   *
   * @param own whether it was the tracking server that has answered: another one gets no
   *     credentials, so it does not say that ours are no good
   */
  PlumblineException exception(boolean own) {
    return own || (status != 401 && status != 403) ? exception() : exceptionElsewhere();
  }

  /** Returns what is thrown where the tracking server has answered, and nothing better is known. */
  PlumblineException exception() {
    String text =
        request + " was answered with " + status + (message.isEmpty() ? "" : ": ") + message;
    if (isMissing()) {
      return new NotFoundException(message);
    }
    return switch (status) {
      case 401 -> new ServerException.Unauthorized(status, text + CREDENTIALS);
      case 403 -> new ServerException.Unauthorized(status, text + forbidden());
      case 407 -> new ServerException.Unauthorized(status, text + LOGIN_OF_PROXY);
      case 429 ->
          new ServerException.RateLimited(
              status, text, RetryAfter.parse(answer.header("Retry-After"), Instant.now()));
      // From a gateway, such as one that wants https, it says nothing of what was sent.
      case 400 ->
          code.isEmpty()
              ? new ServerException(status, text + UNKNOWN)
              : new ServerException.InvalidRequest(status, text);
      case 413 -> new ServerException.InvalidRequest(status, text);
      case 408 -> new TransportException(text);
      case 404, 405 -> new ServerException(status, text + UNKNOWN);
      case 301, 302, 303, 307, 308 ->
          new ServerException(
              status, text + "; it sends us to " + target() + ": use that as the tracking URI");
      case 503 ->
          message.contains("serve-artifacts") || message.contains("Artifact")
              ? new ServerException(501, withoutFullStop(text) + PROXY)
              : busy(text);
      default ->
          PERMANENT.contains(code)
              ? new ServerException(501, text)
              : new ServerException(status, text);
    };
  }

  /** Returns whether the same request may succeed a little later. */
  boolean mayPass() {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /** Returns what is thrown where it was another server that has answered, so no advice fits. */
  ServerException exceptionElsewhere() {
    return new ServerException(
        status,
        request
            + ", which the server has sent us to, and where no credentials are sent, was answered"
            + " with "
            + status
            + (message.isEmpty() ? "" : ": ")
            + message);
  }

  private PlumblineException busy(String text) {
    String wait = answer.header("Retry-After");
    return wait == null
        ? new ServerException(status, text)
        : new ServerException.RateLimited(status, text, RetryAfter.parse(wait, Instant.now()));
  }

  private static String withoutFullStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private String target() {
    String location = answer.header("Location");
    if (location == null) {
      return "nowhere";
    }
    int query = location.indexOf('?');
    return Printable.line(query < 0 ? location : location.substring(0, query));
  }

  private String forbidden() {
    if (message.startsWith("Invalid Host header")) {
      return "; the server must be started with --allowed-hosts for the name by which it is called";
    }
    return message.startsWith("Cross-origin")
        ? "; something on the way has added an Origin header"
        : "; the user has no permission for this";
  }

  private static final String CREDENTIALS =
      "; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
  private static final String LOGIN_OF_PROXY =
      "; put user:password@ before the proxy's host in HTTPS_PROXY or HTTP_PROXY";
  private static final String UNKNOWN =
      "; this is no MLflow server, it has another path, or it is too old for this";
  private static final String PROXY =
      "; the server does not serve artifacts: start it without --no-serve-artifacts";
}
