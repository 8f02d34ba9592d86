package io.plumbline.mlflow;

import io.plumbline.TransportException;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.UrlText;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends MLflow's requests and reads its answers, in JSON. */
final class Rest {
  /** The root of what MLflow's tracking and registry are asked. */
  private static final String API = "/api/2.0/mlflow/";

  /** More than an answer that says nothing takes. */
  private static final int ACCEPTED = 64 << 10;

  /** Bytes that a server passes on in a second, or it is a slow one. */
  private static final long PASSED_ON = 8 << 20;

  private final Http http;
  private final ServerAddress address;
  private final String base;
  private final Duration patience;
  private final ServerFacts facts;
  private final Transfers files;
  private final Transfers parts;

  /**
   * Makes it.
   *
   * @param address the server's
   * @param patience how long an answer may take
   */
  Rest(Http http, ServerAddress address, Duration patience) {
    this(
        http,
        address,
        patience,
        new ServerFacts(),
        new Transfers("mlflow-files"),
        new Transfers("mlflow-parts"));
  }

  private Rest(
      Http http,
      ServerAddress address,
      Duration patience,
      ServerFacts facts,
      Transfers files,
      Transfers parts) {
    this.http = http;
    this.address = address;
    this.base = address.base();
    this.patience = patience;
    this.facts = facts;
    this.files = files;
    this.parts = parts;
  }

  /** The same with another patience. */
  Rest within(Duration other) {
    return new Rest(http, address, other, facts, files, parts);
  }

  /** Returns the server's address. */
  String base() {
    return base;
  }

  /** Returns the same with what has named it. */
  ServerAddress address() {
    return address;
  }

  /** Returns how long an answer may take. */
  Duration patience() {
    return patience;
  }

  /**
   * Returns how long there may be no answer to a content that the server has whole. Some pass it on
   * to where they keep artifacts only then, which takes the longer the larger it is.
   *
   * @param bytes the content's size
   */
  Duration patience(long bytes) {
    return patience.plusSeconds(bytes / PASSED_ON);
  }

  /** Returns the server's MLflow version; empty if it does not say it. */
  String version() {
    return facts.version(this);
  }

  /** Returns whether the server keeps logged models. */
  boolean keepsModels() {
    return facts.keepsModels(this);
  }

  /** Returns what transfers several files at the same time. */
  Transfers files() {
    return files;
  }

  /** Returns what transfers several parts of a file at the same time. */
  Transfers parts() {
    return parts;
  }

  /** Returns whether what passes on artifacts may offer that; true before it was asked. */
  boolean offers(String what, ArtifactPlace place) {
    return facts.offers(what + " " + place.api());
  }

  /** Remembers that it does not. */
  void lacks(String what, ArtifactPlace place) {
    facts.lacks(what + " " + place.api());
  }

  /** Remembers for some minutes that it has failed. */
  void avoid(String what, ArtifactPlace place) {
    facts.avoid(what + " " + place.api());
  }

  /** Ends the threads that transfer files. */
  void close() {
    files.close();
    parts.close();
  }

  /** Asks; values of the query are Strings, Numbers, or Lists of such for repeated names. */
  JsonObject get(String path, Map<String, ?> query) throws Refused {
    return send("GET", path + query(query), null);
  }

  /** Tells or asks something, with a JSON body. */
  JsonObject post(String path, Map<String, ? extends @Nullable Object> body) throws Refused {
    return send("POST", path, body);
  }

  /**
   * Asks page by page.
   *
   * @param field where a page has its entries
   * @param pages says when there are too many
   * @return the entries of all pages
   */
  List<JsonObject> all(String path, Map<String, ?> body, String field, Pages pages) throws Refused {
    Map<String, @Nullable Object> asked = new LinkedHashMap<>(body);
    List<JsonObject> all = new ArrayList<>();
    while (true) {
      JsonObject page = post(path, asked);
      List<JsonObject> some = page.objects(field);
      all.addAll(some);
      if (!pages.next(page, some.size())) {
        return all;
      }
      asked.put("page_token", pages.token());
    }
  }

  /** Changes something. */
  JsonObject patch(String path, Map<String, ? extends @Nullable Object> body) throws Refused {
    return send("PATCH", path, body);
  }

  /** Deletes something; MLflow reads the body and not the query. */
  JsonObject delete(String path, Map<String, ? extends @Nullable Object> body) throws Refused {
    return send("DELETE", path, body);
  }

  /** Asks another part of the server, or another server, for JSON. */
  JsonObject json(String url, boolean own) throws Refused {
    return json(HttpRequest.of("GET", url, null, patience), own);
  }

  /**
   * Tells another part of the server, or another server, something that may take it longer than
   * other answers.
   *
   * @param silence how long there may be no answer, if that is longer than in other transfers
   */
  JsonObject postTo(
      String url, boolean own, Map<String, ? extends @Nullable Object> body, Duration silence)
      throws Refused {
    return json(HttpRequest.of("POST", url, HttpBody.json(body), null).silentFor(silence), own);
  }

  private JsonObject send(String method, String path, @Nullable Map<String, ?> body)
      throws Refused {
    HttpBody content = body == null ? null : HttpBody.json(body);
    return json(HttpRequest.of(method, base + API + path, content, patience), true);
  }

  private JsonObject json(HttpRequest request, boolean own) throws Refused {
    try (HttpAnswer answer = transfer(request, own)) {
      return JsonObject.of(Json.parse(answer.body()), "the answer to " + request);
    } catch (IOException e) {
      throw http.failure(request, e);
    } catch (JsonException e) {
      throw odd(request, e);
    }
  }

  /**
   * Sends a request whose answer says nothing, or something in JSON.
   *
   * @throws TransportException if it is something else, such as a page that asks for a login
   */
  void accepted(HttpRequest request, boolean own) throws Refused {
    try (HttpAnswer answer = transfer(request, own)) {
      byte[] start = answer.start(ACCEPTED);
      if (start.length > 0) {
        JsonObject.of(Json.parse(start), "the answer to " + request);
      }
    } catch (IOException e) {
      throw http.failure(request, e);
    } catch (JsonException e) {
      throw odd(request, e);
    }
  }

  /** A success that is no JSON comes from something before the server. */
  private TransportException odd(HttpRequest request, JsonException e) {
    String why = String.valueOf(e.getMessage());
    String shown = http.hidden(why);
    String text = request + " was answered with something that is not MLflow's: " + shown;
    return why.equals(shown) ? new TransportException(text, e) : new TransportException(text);
  }

  /**
   * Sends a request whose answer may be anything; returns it if it was successful.
   *
   * @param own whether the tracking server is asked; another one does not see our credentials
   */
  HttpAnswer transfer(HttpRequest request, boolean own) throws Refused {
    HttpAnswer answer = own ? http.send(request) : http.sendPlain(request);
    if (answer.successful()) {
      return answer;
    }
    try (answer) {
      throw new Refused(Refusal.of(request, answer, http::hidden));
    } catch (IOException e) {
      throw http.failure(request, e);
    }
  }

  /** Returns what a failed reading of an answer is to be thrown as. */
  TransportException failure(HttpRequest request, IOException e) {
    return http.failure(request, e);
  }

  static String query(Map<String, ?> query) {
    StringBuilder out = new StringBuilder();
    query.forEach(
        (name, value) -> {
          for (Object each : value instanceof List<?> list ? list : List.of(value)) {
            out.append(out.length() == 0 ? '?' : '&').append(UrlText.encode(name)).append('=');
            out.append(UrlText.encode(String.valueOf(each)));
          }
        });
    return out.toString();
  }
}
