package io.plumbline.model;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a model package from a folder that may have been tampered with. */
final class ModelFolder {
  private static final int MAX_MANIFEST_BYTES = 16 << 20;

  private final Path folder;

  private ModelFolder(Path folder) {
    this.folder = folder;
  }

  static ModelPackage read(Path folder) {
    try {
      return new ModelFolder(folder).read();
    } catch (IOException e) {
      throw unreadable(folder, e);
    } catch (UncheckedIOException e) {
      throw unreadable(folder, e.getCause());
    } catch (IllegalArgumentException e) {
      throw new IntegrityException(
          "the model in " + Printable.quote(folder.toString()) + " is malformed: " + e.getMessage(),
          e);
    }
  }

  private ModelPackage read() throws IOException {
    Path manifestFile = folder.resolve(ModelPackage.MANIFEST);
    if (!Files.isRegularFile(manifestFile, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotFoundException(
          "there is no model in "
              + Printable.quote(folder.toString())
              + ": it has no "
              + ModelPackage.MANIFEST);
    }
    if (Files.size(manifestFile) > MAX_MANIFEST_BYTES) {
      throw new IllegalArgumentException(
          ModelPackage.MANIFEST + " has more than " + MAX_MANIFEST_BYTES + " bytes");
    }
    byte[] written = Files.readAllBytes(manifestFile);
    JsonObject manifest = ModelPackage.manifest(written);
    List<ModelPart> parts = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of(ModelPackage.MANIFEST));
    for (JsonObject entry : manifest.objects("parts")) {
      ModelPart part = part(entry.string("name"), entry.string("media_type"));
      if (part.size() != entry.longValue("size") || !part.sha256().equals(entry.string("sha256"))) {
        throw new IllegalArgumentException(
            "part " + Printable.quote(part.name()) + " is not what the manifest says");
      }
      parts.add(part);
      names.add(part.name());
    }
    if (Files.exists(folder.resolve(ModelPackage.SIGNATURE), LinkOption.NOFOLLOW_LINKS)) {
      parts.add(part(ModelPackage.SIGNATURE, "application/json"));
      names.add(ModelPackage.SIGNATURE);
    }
    refuseOthers(names);
    ModelPackage read = ModelPackage.of(manifest, parts);
    // The digest is over the manifest's bytes, so another spelling of it would be another package.
    if (!read.part(ModelPackage.MANIFEST)
        .equals(Optional.of(ModelPart.json(ModelPackage.MANIFEST, written)))) {
      throw new IllegalArgumentException(ModelPackage.MANIFEST + " is not in its canonical form");
    }
    return read;
  }

  private ModelPart part(String name, String mediaType) {
    PartNames.check(name);
    Path file = folder;
    // A link could lead out of the folder, also one of the folders on the way.
    for (String segment : name.split("/", -1)) {
      file = file.resolve(segment);
      if (Files.isSymbolicLink(file)) {
        throw new IllegalArgumentException(
            "part " + Printable.quote(name) + " is behind a symbolic link");
      }
    }
    return ModelPart.file(name, mediaType, file);
  }

  private void refuseOthers(Set<String> names) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !names.contains(name)) {
          throw new IllegalArgumentException(
              "file " + Printable.quote(name) + " is not in the manifest");
        }
      }
    }
  }

  private static StoreException unreadable(Path folder, @Nullable IOException e) {
    return new StoreException(
        "cannot read the model in " + Printable.quote(folder.toString()) + ": " + e, e);
  }
}
