package io.plumbline.mlflow;

import io.plumbline.spi.Backend;
import io.plumbline.tck.BackendKit;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A real MLflow server keeps the contract")
class MlflowBackendTest extends BackendKit {
  @Override
  protected Backend open(Path place) {
    return Backends.open(MlflowServer.shared().root());
  }
}
