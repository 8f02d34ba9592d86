package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Artifacts on a real MLflow server that keeps them in S3")
class BucketTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("go there in parts and come from there, whole, past the server, and small ones too")
  void round() throws Exception {
    try (BucketServer bucket = new BucketServer(folder.resolve("bucket.log"));
        MlflowServer server = bucket.mlflow();
        MlflowBackend backend = Backends.open(server.root())) {
      RunStore runs = backend.runs();
      String experiment = runs.createExperiment("bucket", Map.of()).id();
      String run =
          runs.createRun(
              new NewRun(UUID.randomUUID().toString(), experiment, "r", "u", null, 1, Map.of()));
      byte[] content = new byte[(int) Multipart.LEAST + 5];
      for (int i = 0; i < content.length; i++) {
        content[i] = (byte) (i * 31 + (i >> 9));
      }
      Path large = Files.write(folder.resolve("large"), content);
      Path packed = Files.write(folder.resolve("packed"), new byte[] {31, 1, 2});
      runs.putArtifacts(
          run, Map.of("d/large.bin.gz", large, "d/small.csv.gz", packed, "x", packed));
      assertThat(server.log())
          .contains("/mlflow-artifacts/mpu/complete/")
          .doesNotContain("artifacts/d/large.bin.gz HTTP");
      assertThat(runs.artifacts(run, "d"))
          .containsExactlyInAnyOrder(
              new Artifact("d/large.bin.gz", false, content.length, null),
              new Artifact("d/small.csv.gz", false, 3, null));
      Path to = folder.resolve("to");
      runs.fetchArtifacts(run, "", to);
      assertThat(to.resolve("d/large.bin.gz")).hasSameBinaryContentAs(large);
      assertThat(to.resolve("d/small.csv.gz")).hasSameBinaryContentAs(packed);
      assertThat(server.log())
          .contains("/mlflow-artifacts/presigned/")
          .doesNotContain("d/large.bin.gz HTTP/1.1\" 5");
      ModelPackage model =
          ModelPackage.of("rules", Map.of())
              .with(ModelPart.file("weights", "application/octet-stream", large));
      LoggedModel logged = runs.putModel(run, "m", model);
      runs.fetchModel(logged, folder.resolve("model"));
      assertThat(ModelPackage.read(folder.resolve("model")).digest()).isEqualTo(model.digest());
      ArtifactProxy proxy = new ArtifactProxy(backend.rest());
      String root = "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts";
      try (InputStream in =
          proxy.open(root, "d/large.bin.gz", "it", content.length - 7L, content.length)) {
        assertThat(in.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(content, content.length - 7, content.length));
      }
    }
  }
}
