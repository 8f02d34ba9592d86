package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts that a package has beside the files of the model that another client has logged: its
 * tag lists them, and the server does not have them.
 */
final class MadeParts {
  private final ArtifactProxy proxy;
  private final PythonModels python;
  private final String root;

  /**
   * Makes it.
   *
   * @param root where the model's files lie
   */
  MadeParts(ArtifactProxy proxy, PythonModels python, String root) {
    this.proxy = proxy;
    this.python = python;
    this.root = root;
  }

  /** Returns whether a model may have such parts: a package of ours lists no {@code MLmodel}. */
  static boolean isPossible(LoggedModel model) {
    return !model.digest().isEmpty() && has(model.parts(), MlflowFiles.MLMODEL);
  }

  /**
   * Makes them in a folder.
   *
   * @return the model with its other parts, which the server has
   */
  LoggedModel make(LoggedModel model, Path folder) {
    List<Artifact> there = proxy.tree(root);
    List<Artifact> files = new ArrayList<>();
    for (Artifact part : model.parts()) {
      if (has(there, part.path()) || !isMade(part, model.parts(), folder)) {
        files.add(part);
      }
    }
    return new LoggedModel(
        model.id(),
        model.name(),
        model.runId(),
        model.flavor(),
        model.digest(),
        model.created(),
        files);
  }

  private static boolean has(List<Artifact> files, String path) {
    return files.stream().anyMatch(file -> file.path().equals(path));
  }

  /** Returns whether a part is one that is made, and now in the folder. */
  private boolean isMade(Artifact part, List<Artifact> parts, Path folder) {
    byte[] made = python.document(root, part.path(), parts);
    if (made == null) {
      return false;
    }
    if (!Sha256.of(made).equals(part.sha256())) {
      throw new IntegrityException(
          MlflowFiles.MLMODEL
              + " in "
              + Printable.line(root)
              + " is not the one any more that the tag "
              + PackageTag.KEY
              + " was made of");
    }
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(part.path()), made);
      return true;
    } catch (IOException e) {
      throw new StoreException("cannot write into " + folder + ": " + e, e);
    }
  }
}
