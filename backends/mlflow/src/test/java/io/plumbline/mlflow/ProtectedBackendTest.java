package io.plumbline.mlflow;

import io.plumbline.Secret;
import io.plumbline.spi.Backend;
import io.plumbline.spi.Credentials;
import io.plumbline.tck.BackendKit;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A real MLflow server with basic authentication, behind a prefix, keeps the contract")
class ProtectedBackendTest extends BackendKit {
  @Override
  protected Backend open(Path place) {
    return Backends.open(
        MlflowServer.secured("--static-prefix", "/mlflow").root() + "/mlflow",
        new Credentials.Basic("admin", Secret.of(MlflowServer.PASSWORD)));
  }
}
