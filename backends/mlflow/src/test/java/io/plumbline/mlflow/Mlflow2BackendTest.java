package io.plumbline.mlflow;

import io.plumbline.spi.Backend;
import io.plumbline.tck.BackendKit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A real server of MLflow 2.22 keeps the contract")
class Mlflow2BackendTest extends BackendKit {
  @Override
  protected Backend open(Path place) {
    return Backends.open(MlflowServer.shared("mlflow2", List.of(), Map.of()).root());
  }

  @Override
  protected Map<String, String> exemptions() {
    return Map.of(
        "SEA-6", "MLflow 2 keeps NaN as 0, which a filter then finds",
        "ART-10", "MLflow 2 breaks off an answer whose file's name is not of Latin letters");
  }
}
