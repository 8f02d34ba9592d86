package io.plumbline.tracking.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is checked out, read from Git's own files: neither Git nor a library is needed, and it takes
 * less than a millisecond. Whether files were changed since is not found out.
 *
 * @param commit 40 or 64 hex digits
 * @param branch the branch; null when a commit is checked out as such
 * @param repository where it is cloned from, without credentials; null if unknown
 */
record GitCheckout(String commit, @Nullable String branch, @Nullable String repository) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final String BRANCHES = "refs/heads/";
  private static final int MOST_REFERENCES = 5;
  private static final int MOST_BYTES = 4_096;
  private static final long MOST_PACKED = 64L << 20;

  /** Finds what a folder, or one above it, is a checkout of; null if none is, or it is odd. */
  static @Nullable GitCheckout find(Path directory) {
    try {
      for (Path at = directory; at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.exists(git)) {
          return read(Files.isDirectory(git) ? git : linked(git));
        }
      }
    } catch (IOException | InvalidPathException | SecurityException e) {
      // A run starts without this, too.
    }
    return null;
  }

  /** A worktree and a submodule have a file that says where their folder is. */
  private static Path linked(Path file) throws IOException {
    String line = line(file);
    if (line == null || !line.startsWith("gitdir:")) {
      throw new IOException(file + " names no folder");
    }
    return file.resolveSibling(line.substring("gitdir:".length()).strip());
  }

  private static @Nullable GitCheckout read(Path git) throws IOException {
    String common = line(git.resolve("commondir"));
    Path shared = common == null ? git : git.resolve(common);
    String branch = null;
    String head = line(git.resolve("HEAD"));
    for (int i = 0; i < MOST_REFERENCES && head != null; i++) {
      if (COMMIT.matcher(head).matches()) {
        return new GitCheckout(head, branch, GitRemote.read(shared.resolve("config")));
      }
      String name = head.startsWith("ref:") ? head.substring("ref:".length()).strip() : "";
      if (!name.startsWith("refs/") || name.contains("..")) {
        return null;
      }
      branch = name.startsWith(BRANCHES) ? name.substring(BRANCHES.length()) : null;
      head = reference(git, shared, name);
    }
    return null;
  }

  private static @Nullable String reference(Path git, Path shared, String name) throws IOException {
    String own = line(git.resolve(name));
    String loose = own == null ? line(shared.resolve(name)) : own;
    return loose == null ? packed(shared.resolve("packed-refs"), name) : loose;
  }

  private static @Nullable String packed(Path file, String name) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_PACKED) {
      return null;
    }
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        int blank = line.indexOf(' ');
        if (blank > 0 && line.substring(blank + 1).equals(name)) {
          return line.substring(0, blank);
        }
      }
    }
    return null;
  }

  /** Returns a short file's text; null if there is no such file. */
  private static @Nullable String line(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      return null;
    }
    return Files.readString(file).strip();
  }
}
