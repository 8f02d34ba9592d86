package io.plumbline.internal.store;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that many processes change without locks: a folder of files with rising numbers, of which
 * the highest is the value. Each is written elsewhere and linked to its number whole, which
 * succeeds for one process only: a compare-and-set, with the history for free.
 */
final class NumberedFiles {
  /** The value now. */
  static final class Version {
    private final int number;
    private final byte[] content;

    Version(int number, byte[] content) {
      this.number = number;
      this.content = content;
    }

    /** Returns its number, from 1. */
    int number() {
      return number;
    }

    /** Returns its bytes. */
    byte[] content() {
      return content;
    }
  }

  private static final String SUFFIX = ".json";
  private static final Pattern NAME = Pattern.compile("([0-9]{6,9})\\.json");

  private final Path folder;

  NumberedFiles(Path folder) {
    this.folder = folder;
  }

  /** Returns the value, or null if there is none. */
  @Nullable Version latest() throws IOException {
    while (true) {
      int highest = 0;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path file : files) {
          highest = Math.max(highest, number(file));
        }
      } catch (NoSuchFileException e) {
        return null;
      }
      if (highest == 0) {
        return null;
      }
      try {
        return new Version(highest, Files.readAllBytes(file(highest)));
      } catch (NoSuchFileException e) {
        if (!Files.isDirectory(folder)) {
          return null;
        }
      }
    }
  }

  /** Returns all values that there were, the first one first. */
  List<Version> all() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      files.forEach(file -> numbers.add(number(file)));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    numbers.remove(0);
    List<Version> all = new ArrayList<>();
    for (int number : numbers) {
      all.add(new Version(number, Files.readAllBytes(file(number))));
    }
    return all;
  }

  /** The number in a file's name, if it is just what this class would have named it; else 0. */
  private static int number(Path file) {
    String name = String.valueOf(file.getFileName());
    Matcher matcher = NAME.matcher(name);
    int number = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    return name.equals(name(number)) ? number : 0;
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "%06d%s", number, SUFFIX);
  }

  private Path file(int number) {
    return folder.resolve(name(number));
  }

  /**
   * Sets the value, if it still has that number.
   *
   * @param after the number of the value that this one follows; 0 for the first
   * @return whether it was set; if not, somebody else was first
   */
  boolean add(int after, byte[] content) throws IOException {
    StoreFiles.createFolders(folder);
    Path fresh = folder.resolve(UUID.randomUUID() + ".tmp");
    Path target = file(after + 1);
    try {
      write(fresh, content);
      link(target, fresh);
      StoreFiles.syncFolder(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      // A network file system may say so of a link that it has made itself.
      return Files.isSameFile(target, fresh);
    } finally {
      deleteQuietly(fresh);
    }
  }

  /** Not through a channel: an interrupted caller would close it. */
  private static void write(Path file, byte[] content) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(content);
      out.getFD().sync();
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A clean-up will take it: the change itself is made, or its failure is told.
    }
  }

  private static void link(Path target, Path fresh) throws IOException {
    try {
      Files.createLink(target, fresh);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // A file system without links: exclusive, though a reader may meet it half written.
      Files.createFile(target);
      try (FileOutputStream out = new FileOutputStream(target.toFile())) {
        out.write(Files.readAllBytes(fresh));
        out.getFD().sync();
      }
    }
  }
}
