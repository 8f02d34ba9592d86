package io.plumbline.internal.config;

import io.plumbline.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings that say how to reach a server, and what a surrounding job hands over. */
public final class ServerKeys {

  private static final int MAX_NAME = 500;
  private static final int MAX_ID = 100;
  private static final int MAX_LIST = 10_000;
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  /** A file with the bearer token. */
  public static final ConfigKey<Path> TOKEN_FILE =
      new ConfigKey<>(
          "tracking.token.file",
          new PathType(),
          null,
          "A file with the bearer token for the tracking server; it is read again when it"
              + " changes.");

  /** Where tokens are fetched from. */
  public static final ConfigKey<URI> OAUTH_URL =
      new ConfigKey<>(
          "tracking.oauth.url",
          new TokenUrlType(),
          null,
          "Where a bearer token is fetched from with OAuth2 client credentials.");

  /** Who fetches a token. */
  public static final ConfigKey<String> OAUTH_CLIENT =
      new ConfigKey<>(
          "tracking.oauth.client",
          new TextType(MAX_NAME),
          null,
          "The client's id for OAuth2 client credentials.");

  /** What proves who fetches a token. */
  public static final ConfigKey<Secret> OAUTH_SECRET =
      new ConfigKey<>(
          "tracking.oauth.secret",
          new SecretType(),
          null,
          "The client's secret for OAuth2 client credentials.");

  /** What the fetched token is for. */
  public static final ConfigKey<String> OAUTH_SCOPE =
      new ConfigKey<>(
          "tracking.oauth.scope",
          new TextType(MAX_LIST),
          null,
          "What the token of OAuth2 client credentials is for, if the token server wants to know.");

  /** Whom to trust. */
  public static final ConfigKey<Path> CA =
      new ConfigKey<Path>(
              "tracking.ca",
              new PathType(),
              null,
              "A PEM file with the certificates that are trusted to sign a server's; by default the"
                  + " JVM's trust store.",
              "MLFLOW_TRACKING_SERVER_CERT_PATH")
          .lastResort("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

  /** Who we are. */
  public static final ConfigKey<Path> CLIENT_CERT =
      new ConfigKey<>(
          "tracking.client.cert",
          new PathType(),
          null,
          "A PEM file with the client's certificate, its chain and its private key (PKCS #8).",
          "MLFLOW_TRACKING_CLIENT_CERT_PATH");

  /** Whether everybody is trusted. */
  public static final ConfigKey<Boolean> INSECURE =
      new ConfigKey<>(
          "tracking.insecure.tls",
          new BooleanType(),
          "false",
          "Whether a server's certificate is not checked: for a server on this machine, or when set"
              + " in code.",
          "MLFLOW_TRACKING_INSECURE_TLS");

  /** The workspace on the server. */
  public static final ConfigKey<String> WORKSPACE =
      new ConfigKey<>(
          "tracking.workspace",
          new AsciiType(MAX_NAME),
          null,
          "The workspace on a server that has them.",
          "MLFLOW_WORKSPACE");

  /** The proxy for https addresses. */
  public static final ConfigKey<ProxyAddress> PROXY_HTTPS =
      new ConfigKey<>(
              "proxy.https",
              new ProxyType(),
              null,
              "The proxy for https addresses; the JVM's own https.proxyHost wins over the common"
                  + " variables.")
          .lastResort("https_proxy", "HTTPS_PROXY");

  /** The proxy for http addresses. */
  public static final ConfigKey<ProxyAddress> PROXY_HTTP =
      new ConfigKey<>(
              "proxy.http",
              new ProxyType(),
              null,
              "The proxy for http addresses; the JVM's own http.proxyHost wins over the common"
                  + " variables.")
          .lastResort("http_proxy", "HTTP_PROXY");

  /** What is reached without a proxy. */
  public static final ConfigKey<String> PROXY_NONE =
      new ConfigKey<>(
              "proxy.none",
              new TextType(MAX_LIST),
              null,
              "What is reached without those proxies: hosts with all below them, addresses,"
                  + " networks such as 10.0.0.0/8, each with a :port or without, or *; this machine"
                  + " always is.")
          .lastResort("no_proxy", "NO_PROXY");

  /** The longest time to connect. */
  public static final ConfigKey<Duration> CONNECT_TIMEOUT =
      new ConfigKey<>(
          "http.connect.timeout",
          DurationType.between(Duration.ofMillis(1), MAX_WAIT),
          "5s",
          "The longest time to connect to a server.");

  /** The longest time for one request. */
  public static final ConfigKey<Duration> TIMEOUT =
      new ConfigKey<>(
              "http.timeout",
              DurationType.between(Duration.ofMillis(1), MAX_WAIT),
              "10s",
              "The longest time for one request and its whole answer, but for the transfer of"
                  + " files.",
              "MLFLOW_HTTP_REQUEST_TIMEOUT")
          .mlflowForm(new SecondsType(MAX_WAIT));

  /** The longest silence in a transfer. */
  public static final ConfigKey<Duration> IDLE_TIMEOUT =
      new ConfigKey<>(
          "http.idle.timeout",
          DurationType.between(Duration.ofMillis(1), MAX_WAIT),
          "60s",
          "The longest silence while a file is transferred.");

  /** How often a call is repeated. */
  public static final ConfigKey<Integer> RETRIES =
      new ConfigKey<>(
          "http.retries",
          new CountType(0, 100),
          "7",
          "How often a call that waits for a server is repeated when the server is away or"
              + " overloaded; deliveries in the background go on.",
          "MLFLOW_HTTP_REQUEST_MAX_RETRIES");

  /** The experiment's id on the server. */
  public static final ConfigKey<String> EXPERIMENT_ID =
      new ConfigKey<>(
          "experiment.id",
          new TextType(MAX_ID),
          null,
          "The id, on the server, of the experiment of a run that names none.",
          "MLFLOW_EXPERIMENT_ID");

  /** The run to write into. */
  public static final ConfigKey<String> RUN_ID =
      new ConfigKey<>(
          "run.id",
          new TextType(MAX_NAME),
          null,
          "The id, on the server, of a run that a surrounding job has started, to write into.",
          "MLFLOW_RUN_ID");

  /** Tags of every run. */
  public static final ConfigKey<Map<String, String>> RUN_CONTEXT =
      new ConfigKey<>(
          "run.context",
          new TagsType(),
          null,
          "Tags that every run gets, as a JSON object.",
          "MLFLOW_RUN_CONTEXT");

  /** Further servers that get every run. */
  public static final ConfigKey<Map<String, Path>> COPIES =
      new ConfigKey<>(
          "tracking.copies",
          new CopiesType(),
          null,
          "Further servers that get every run, as name=file, with a comma between them: each file"
              + " says with plumbline.tracking.uri and the like how to reach one. Nothing else is"
              + " known to it, no variable either.");

  /** Whether runs say what has started them. */
  public static final ConfigKey<Boolean> RUN_SOURCE =
      new ConfigKey<>(
          "run.source",
          new BooleanType(),
          "true",
          "Whether runs get tags that say which program has started them, from which commit.");

  private static final List<ConfigKey<?>> ALL =
      List.of(
          TOKEN_FILE,
          OAUTH_URL,
          OAUTH_CLIENT,
          OAUTH_SECRET,
          OAUTH_SCOPE,
          CA,
          CLIENT_CERT,
          INSECURE,
          WORKSPACE,
          PROXY_HTTPS,
          PROXY_HTTP,
          PROXY_NONE,
          CONNECT_TIMEOUT,
          TIMEOUT,
          IDLE_TIMEOUT,
          RETRIES,
          EXPERIMENT_ID,
          RUN_ID,
          RUN_CONTEXT,
          RUN_SOURCE,
          COPIES);

  private ServerKeys() {}

  /** Returns what the store calls an experiment of which only the id on the server is known. */
  public static String experimentName(String id) {
    return "#" + id;
  }

  /** Returns the id on the server that the name of an experiment stands for; null for a name. */
  public static @Nullable String experimentId(String name) {
    boolean isId = name.length() > 1 && name.charAt(0) == '#';
    for (int i = 1; i < name.length(); i++) {
      isId &= name.charAt(i) >= '0' && name.charAt(i) <= '9';
    }
    return isId ? name.substring(1) : null;
  }

  static List<ConfigKey<?>> all() {
    return ALL;
  }
}
