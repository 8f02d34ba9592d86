package io.plumbline.internal.store;

import io.plumbline.internal.Printable;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The paths of the files that one tracker knows of a run, none of which is also a directory. Safe
 * for many threads.
 */
final class ArtifactPaths {
  private final TreeSet<String> files;

  ArtifactPaths(Collection<String> known) {
    files = new TreeSet<>(known);
  }

  /**
   * Adds paths, all or none.
   *
   * @throws IllegalArgumentException if one of them is a directory already, or lies below a file
   */
  synchronized void add(Collection<String> paths) {
    paths.forEach(this::check);
    files.addAll(paths);
  }

  private void check(String path) {
    String below = files.ceiling(path + "/");
    if (below != null && below.startsWith(path + "/")) {
      throw new IllegalArgumentException(
          "the artifact path " + Printable.quote(path) + " is a directory of this run already");
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      String above = path.substring(0, slash);
      if (files.contains(above)) {
        throw new IllegalArgumentException(
            "the artifact path "
                + Printable.quote(path)
                + " lies below "
                + Printable.quote(above)
                + ", which is a file of this run already");
      }
    }
  }
}
