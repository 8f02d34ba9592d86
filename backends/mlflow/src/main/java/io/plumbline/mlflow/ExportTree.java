package io.plumbline.mlflow;

import io.plumbline.ServerException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of MLflow's file store while they are written. Keys and names become file names, so
 * each is checked before; what no file can be called is left out, and told.
 */
final class ExportTree {
  static final String META = "meta.yaml";

  private static final int LONGEST_NAME = 255;

  private final Path root;
  private final Path target;
  private final List<MlflowExport.Omitted> omitted = new ArrayList<>();

  /**
   * Makes the tree.
   *
   * @param root where it is written
   * @param target where it will be, and what it says of itself
   */
  ExportTree(Path root, Path target) {
    this.root = root;
    this.target = target;
  }

  Path root() {
    return root;
  }

  /** Returns the address that a file of the tree will have. */
  String uri(Path file) {
    String uri = target.resolve(root.relativize(file)).toUri().toString();
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  // ---- what is left out

  void omit(String place, String reason) {
    omitted.add(new MlflowExport.Omitted(place, reason, false));
  }

  /** Tells of something that the store itself does not have any more. */
  void damaged(String place, String reason) {
    omitted.add(new MlflowExport.Omitted(place, reason, true));
  }

  List<MlflowExport.Omitted> omitted() {
    return List.copyOf(omitted);
  }

  // ---- files

  Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Writes a document in JSON's syntax, which YAML reads as the same. */
  void meta(Path folder, Map<String, ?> document) {
    write(folder(folder).resolve(META), MlflowFiles.yaml(document));
  }

  void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * Writes keys and values, a file for each.
   *
   * @param what the kind of the keys
   * @param place whose they are, for people
   */
  void texts(Path folder, String what, Map<String, String> texts, String place) {
    texts.forEach(
        (key, value) -> {
          Path file = keyFile(folder, what, key, place);
          if (file != null) {
            write(file, value);
            if (value.indexOf('\r') >= 0) {
              omit(
                  place,
                  "the "
                      + what
                      + " "
                      + Printable.quote(key)
                      + " has carriage returns, which `mlflow migrate-filestore` makes line feeds");
            }
          }
        });
  }

  /**
   * Makes the empty file of a key.
   *
   * @return null if there can be none, which is told
   */
  @Nullable Path keyFile(Path folder, String what, String key, String place) {
    try {
      Limits.key(what, key);
    } catch (ServerException.InvalidRequest e) {
      omit(place, String.valueOf(e.getMessage()));
      return null;
    }
    return file(folder, key, what + " " + Printable.quote(key), place);
  }

  /**
   * Makes an empty file below a folder.
   *
   * @param path with {@code /} between its parts, none of which leads elsewhere
   * @return null if there can be none, which is told
   */
  @Nullable Path file(Path folder, String path, String what, String place) {
    for (String part : path.split("/", -1)) {
      int bytes = part.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST_NAME) {
        omit(
            place, "the " + what + " has a part of " + bytes + " bytes, and file names end at 255");
        return null;
      }
    }
    try {
      Path file = folder.resolve(path).normalize();
      if (!file.startsWith(folder) || file.equals(folder)) {
        omit(place, "the " + what + " leads out of its folder");
        return null;
      }
      Files.createDirectories(file.resolveSibling("."));
      return Files.write(file, new byte[0], StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException | InvalidPathException e) {
      return taken(what, place);
    } catch (FileSystemException e) {
      if (isBelowFile(folder, path)) {
        return taken(what, place);
      }
      throw failed(folder, e);
    } catch (IOException e) {
      throw failed(folder, e);
    }
  }

  private @Nullable Path taken(String what, String place) {
    omit(
        place,
        "the "
            + what
            + " needs a file name that another one has as a file or a folder, or that this file"
            + " system does not take");
    return null;
  }

  private static boolean isBelowFile(Path folder, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (Files.isRegularFile(folder.resolve(path.substring(0, slash)))) {
        return true;
      }
    }
    return false;
  }

  static StoreException failed(Path file, IOException e) {
    return new StoreException("the export can't write " + file + ": " + e, e);
  }
}
