package io.plumbline.cli;

import io.plumbline.IntegrityException;
import io.plumbline.drift.Profile;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.spi.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads single files of a version, compared with their digests; large ones stay where they are. */
final class VersionParts {
  private static final int MOST_BYTES = 64 << 20;

  private VersionParts() {}

  /** Reads a version's signature; null if it has none. */
  static @Nullable Signature signature(ModelStore files, ModelVersion version) {
    return read(files, version, Signature.FILE, Signature::fromJson);
  }

  /** Reads a version's reference profile; null if it has none. */
  static @Nullable Profile profile(ModelStore files, ModelVersion version) {
    return read(files, version, Profile.FILE, Profile::fromJson);
  }

  private static <T> @Nullable T read(
      ModelStore files, ModelVersion version, String path, Function<byte[], T> parse) {
    for (Artifact part : version.parts()) {
      if (part.path().equals(path)) {
        return read(files, version, part, parse);
      }
    }
    return null;
  }

  private static <T> T read(
      ModelStore files, ModelVersion version, Artifact part, Function<byte[], T> parse) {
    String what = "the " + part.path() + " of " + version.uri();
    byte[] bytes;
    try (InputStream in = files.openPart(version, part.path(), 0)) {
      bytes = in.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Sha256.of(bytes).equals(part.sha256())) {
      throw new IntegrityException(
          what + " is not what its digest says; `plumbline store verify` looks for more damage");
    }
    try {
      return parse.apply(bytes);
    } catch (IllegalArgumentException e) {
      throw new IntegrityException(what + " is malformed: " + e.getMessage(), e);
    }
  }
}
