package io.plumbline.internal.copy;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelNames;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Brings the files of versions; what broke off is gone on with at its last byte. */
final class VersionFiles {
  private final Attempts attempts;

  VersionFiles(Attempts attempts) {
    this.attempts = attempts;
  }

  /**
   * Brings a version's files into a folder, and reads them there.
   *
   * @throws IntegrityException if they are not what the version says
   */
  ModelPackage read(ModelVersion version, Path folder) {
    for (Artifact part : version.parts()) {
      Path file = folder.resolve(ModelNames.part(part.path()));
      attempts.repeat(() -> size(file), () -> goOn(version, part, file));
    }
    ModelPackage read = ModelPackage.read(folder);
    if (!read.digest().equals(version.digest())) {
      throw new IntegrityException(
          "its digest is " + read.digest() + ", and should be " + version.digest());
    }
    return read;
  }

  /** Puts the bytes that have not come yet behind those that have; the digest tells in the end. */
  private Path goOn(ModelVersion version, Artifact part, Path file) {
    long there = size(file);
    long from = there > part.size() ? 0 : there;
    try (InputStream in = attempts.models().openPart(version, part.path(), from)) {
      Files.createDirectories(file.resolveSibling("."));
      StandardOpenOption how =
          from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
        in.transferTo(out);
      }
      return file;
    } catch (IOException e) {
      throw new StoreException("cannot write " + file + ": " + e, e);
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}
