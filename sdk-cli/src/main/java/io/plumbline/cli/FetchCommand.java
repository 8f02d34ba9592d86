package io.plumbline.cli;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.FileTrees;
import io.plumbline.internal.Printable;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.FetchedModel;
import io.plumbline.registry.ModelRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fetch REF TARGET_FOLDER}: the files of a version, each compared with its digest. */
@Command(
    name = "fetch",
    description = {
      "Copies the files of a version into a folder, and checks every digest.",
      "The folder must not exist, or be empty; it is there when all is."
    })
final class FetchCommand extends RegistryCommand {
  @Parameters(
      index = "0",
      paramLabel = "REF",
      description = "Such as NAME/3, NAME@champion, NAME/latest or runs:/RUN_ID/MODEL.")
  private String ref = "";

  @Parameters(index = "1", paramLabel = "TARGET_FOLDER", description = "Where to.")
  private Path target = Path.of("");

  @Override
  int work(ModelRegistry models) throws IOException {
    Path folder = target.toAbsolutePath().normalize();
    refuseFilled(folder);
    ModelVersion version = resolve(ref);
    FetchedModel fetched = models.fetch(version);
    copy(fetched, folder);
    List<ModelPart> parts = fetched.model().parts();
    long bytes = fetched.model().size();
    if (json()) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("uri", version.uri());
      document.put("name", version.name());
      document.put("version", version.registered() ? (long) version.version() : null);
      document.put("digest", version.digest());
      document.put("path", folder.toString());
      document.put("files", (long) parts.size());
      document.put("bytes", bytes);
      printJson(document);
    } else {
      console()
          .line(
              Cells.show(version.uri())
                  + "  sha256 "
                  + version.digest()
                  + "\nCopied "
                  + Format.count(parts.size(), "file")
                  + ", "
                  + Format.bytes(bytes)
                  + ", to "
                  + Cells.show(target.toString()));
    }
    return Main.OK;
  }

  private void refuseFilled(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw exists("exists already, and is no folder");
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      if (files.iterator().hasNext()) {
        throw exists("is not empty");
      }
    }
  }

  private StoreException exists(String how) {
    return new StoreException(
        Printable.quote(target.toString()) + " " + how + "; name a folder that is not there yet");
  }

  /** Copies beside the folder first: what has its name is whole. */
  private static void copy(FetchedModel fetched, Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      throw new StoreException(folder + " can't be a model's folder");
    }
    Files.createDirectories(parent);
    Path fresh = parent.resolve("." + folder.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      for (ModelPart part : fetched.model().parts()) {
        Path file = fresh.resolve(part.name());
        Files.createDirectories(file.getParent() == null ? fresh : file.getParent());
        try (InputStream in = part.open()) {
          Files.copy(in, file);
        }
      }
      verify(fresh, fetched.version());
      place(fresh, folder);
    } finally {
      FileTrees.delete(fresh);
    }
  }

  /** A folder that is there stays the one that a shell may stand in; the manifest comes last. */
  private static void place(Path fresh, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      Files.move(fresh, folder);
      return;
    }
    Path manifest = fresh.resolve(ModelPackage.MANIFEST);
    try (Stream<Path> children = Files.list(fresh)) {
      for (Path child : children.filter(path -> !path.equals(manifest)).toList()) {
        Files.move(child, folder.resolve(fresh.relativize(child)));
      }
    }
    Files.move(manifest, folder.resolve(ModelPackage.MANIFEST));
  }

  private static void verify(Path copy, ModelVersion version) {
    String digest = ModelPackage.read(copy).digest();
    if (!digest.equals(version.digest())) {
      throw new IntegrityException(
          "the copy of "
              + version.uri()
              + " has the digest "
              + digest
              + " instead of "
              + version.digest()
              + ": the disk is failing, or something else writes into the folder");
    }
  }
}
