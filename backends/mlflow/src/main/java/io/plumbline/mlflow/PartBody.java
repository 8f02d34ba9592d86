package io.plumbline.mlflow;

import io.plumbline.internal.http.HttpBody;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A part of a package, as it is sent: never held in memory as a whole. */
record PartBody(ModelPart part) implements HttpBody {
  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public long length() {
    return part.size();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (InputStream in = part.open()) {
      in.transferTo(out);
    }
  }

  /** Sends a package and, beside its parts, MLflow's own files. */
  static void send(ArtifactProxy proxy, String root, ModelPackage model, MlflowFiles.Place place) {
    for (ModelPart file : MlflowFiles.of(model, place)) {
      proxy.put(root, file.name(), new PartBody(file));
    }
    for (ModelPart part : model.parts()) {
      proxy.put(root, part.name(), new PartBody(part));
    }
  }
}
