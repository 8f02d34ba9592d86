package io.plumbline.mlflow;

import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A part of a package, as it is sent. Its digest is compared while it is read, before its last
 * bytes go out: what has changed meanwhile does not arrive.
 */
record PartBody(ModelPart part) implements Sending {
  @Override
  public long length() {
    return part.size();
  }

  @Override
  public InputStream open() throws IOException {
    return part.open();
  }

  @Override
  public String what() {
    return part.name();
  }

  /** Returns what a package is sent as: its parts and, beside them, MLflow's own files. */
  static Map<String, Sending> of(ModelPackage model, MlflowFiles.Place place) {
    Map<String, Sending> files = new LinkedHashMap<>();
    MlflowFiles.of(model, place).forEach(file -> files.put(file.name(), new PartBody(file)));
    model.parts().forEach(part -> files.put(part.name(), new PartBody(part)));
    return files;
  }
}
