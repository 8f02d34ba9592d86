package io.plumbline.internal.config;

import io.plumbline.ConfigException;
import io.plumbline.internal.Printable;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the settings for reaching a server together: which of several credentials and proxies is
 * used, and what is refused. What is set for a server hurts nobody who reaches none.
 */
final class ServerRules {

  /** What MLflow's Python client reads, and we can do nothing with. */
  private static final List<String> WITHOUT_EFFECT =
      List.of("MLFLOW_TRACKING_AUTH", "MLFLOW_TRACKING_AWS_SIGV4");

  private final SettingTable settings;
  private final Sources sources;

  ServerRules(SettingTable settings, Sources sources) {
    this.settings = settings;
    this.sources = sources;
  }

  /**
   * Applies the rules.
   *
   * @param warnings gets a sentence for what is set and has no effect
   * @throws ConfigException when settings contradict each other
   */
  void apply(List<String> warnings) {
    preferJvm(ServerKeys.PROXY_HTTPS, "https.proxyHost");
    preferJvm(ServerKeys.PROXY_HTTP, "http.proxyHost");
    List<URI> servers = new ArrayList<>();
    addServer(servers, Keys.TRACKING_URI);
    addServer(servers, Keys.REGISTRY_URI);
    if (servers.isEmpty()) {
      return;
    }
    readCredentialsFile();
    Way way = chooseWay();
    if (way == null) {
      checkComplete();
    } else {
      leaveOthers(way);
    }
    checkTrust(servers);
    settings.requireUsable();
    for (String name : WITHOUT_EFFECT) {
      String text = sources.variable(name);
      if (text != null && !text.isBlank() && !text.strip().equalsIgnoreCase("false")) {
        warnings.add(
            "environment variable "
                + name
                + " has no effect; Config.Builder.credentials takes a provider of one's own");
      }
    }
  }

  private void preferJvm(ConfigKey<ProxyAddress> key, String property) {
    String host = sources.property(property);
    if (host != null && !host.isBlank() && settings.get(key).layer() == Layer.COMMON_VARIABLE) {
      settings.drop(key, "system property " + property + " wins");
    }
  }

  private void addServer(List<URI> servers, ConfigKey<StoreUri> key) {
    StoreUri uri = settings.get(key).value();
    URI remote = uri == null ? null : uri.remote();
    if (remote != null) {
      servers.add(remote);
    }
  }

  private void readCredentialsFile() {
    Path file = MlflowCredentials.find(sources);
    if (file == null || (isSet(Keys.TRACKING_USERNAME) && isSet(Keys.TRACKING_PASSWORD))) {
      return;
    }
    String source = Printable.escape(file.toString());
    try {
      Map<String, String> values = MlflowCredentials.read(file);
      fill(Keys.TRACKING_USERNAME, values.get("mlflow_tracking_username"), source);
      fill(Keys.TRACKING_PASSWORD, values.get("mlflow_tracking_password"), source);
    } catch (BadValueException e) {
      throw new ConfigException(
          Keys.TRACKING_USERNAME.property(), source, e.problem(), MlflowCredentials.ACCEPTED);
    }
  }

  private <T> void fill(ConfigKey<T> key, @Nullable String text, String source)
      throws BadValueException {
    if (text != null && !text.isBlank() && !isSet(key)) {
      settings.put(new Setting<>(key, key.type().parse(text), source, Layer.MLFLOW_FILE));
    }
  }

  /** A way to say who we are; the first is preferred, as MLflow does it. */
  private enum Way {
    BASIC(Keys.TRACKING_USERNAME, Keys.TRACKING_PASSWORD),
    TOKEN(Keys.TRACKING_TOKEN),
    TOKEN_FILE(ServerKeys.TOKEN_FILE),
    OAUTH(ServerKeys.OAUTH_URL, ServerKeys.OAUTH_CLIENT, ServerKeys.OAUTH_SECRET);

    private final List<ConfigKey<?>> keys;

    Way(ConfigKey<?>... keys) {
      this.keys = List.of(keys);
    }
  }

  /** The way that the strongest layer has in full; null if none is there in full. */
  private @Nullable Way chooseWay() {
    Way best = null;
    for (Way way : Way.values()) {
      if (way.keys.stream().allMatch(this::isSet)
          && (best == null || layer(way).compareTo(layer(best)) < 0)) {
        best = way;
      }
    }
    // MLflow's own file and variables are one place to MLflow, where a password wins over a token.
    boolean inFile =
        Way.BASIC.keys.stream().allMatch(this::isSet) && layer(Way.BASIC) == Layer.MLFLOW_FILE;
    return best != null && inFile && layer(best) == Layer.MLFLOW_VARIABLE ? Way.BASIC : best;
  }

  private Layer layer(Way way) {
    Layer strongest = Layer.DEFAULT;
    for (ConfigKey<?> key : way.keys) {
      Layer layer = settings.get(key).layer();
      strongest = layer.compareTo(strongest) < 0 ? layer : strongest;
    }
    return strongest;
  }

  private void leaveOthers(Way used) {
    for (Way way : Way.values()) {
      for (ConfigKey<?> key : way.keys) {
        if (way != used && isSet(key)) {
          settings.drop(key, used.keys.get(0).property() + " wins");
        }
      }
    }
  }

  private void checkComplete() {
    for (Way way : Way.values()) {
      for (ConfigKey<?> key : way.keys) {
        if (isSet(key)) {
          ConfigKey<?> missing =
              way.keys.stream().filter(other -> !isSet(other)).findFirst().orElse(key);
          throw SettingTable.bad(
              settings.get(key), "it is set, but " + missing + " is not", "both, or neither");
        }
      }
    }
  }

  private void checkTrust(List<URI> servers) {
    Setting<Boolean> insecure = settings.get(ServerKeys.INSECURE);
    if (!Boolean.TRUE.equals(insecure.value())) {
      return;
    }
    if (isSet(ServerKeys.CA)) {
      if (settings.get(ServerKeys.CA).layer() != Layer.COMMON_VARIABLE) {
        throw SettingTable.bad(
            insecure, ServerKeys.CA + " is set, too, and would have no effect", "one of the two");
      }
      settings.drop(ServerKeys.CA, ServerKeys.INSECURE + " is set");
    }
    for (URI server : servers) {
      if (insecure.layer() != Layer.CODE
          && "https".equalsIgnoreCase(server.getScheme())
          && !Loopback.is(server.getHost())) {
        throw SettingTable.bad(
            insecure,
            "whoever is on the way to "
                + Printable.line(server.getHost())
                + " could read and change what is sent",
            "true for a server on this machine or when set in code; else put the certificate that"
                + " signed the server's into "
                + ServerKeys.CA
                + " (MLFLOW_TRACKING_SERVER_CERT_PATH)");
      }
    }
  }

  private boolean isSet(ConfigKey<?> key) {
    return settings.get(key).value() != null;
  }
}
