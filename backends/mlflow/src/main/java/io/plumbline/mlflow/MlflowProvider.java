package io.plumbline.mlflow;

import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.credentials.ConfiguredHttp;
import io.plumbline.spi.Backend;
import io.plumbline.spi.BackendProvider;
import io.plumbline.spi.BackendSetup;
import java.util.Map;
import java.util.Set;

/** Opens MLflow servers: the backend of {@code http} and {@code https} addresses. */
public final class MlflowProvider implements BackendProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("http", "https");
  }

  @Override
  public Backend open(BackendSetup setup) {
    // A server without workspaces answers the header with an error, so it is sent only if set.
    Map<String, String> headers =
        setup
            .config()
            .find(ServerKeys.WORKSPACE)
            .map(workspace -> Map.of("X-MLFLOW-WORKSPACE", workspace))
            .orElse(Map.of());
    return new MlflowBackend(
        ConfiguredHttp.open(setup.config(), setup.uri(), headers),
        ServerAddress.of(setup.uri(), setup.config()));
  }
}
