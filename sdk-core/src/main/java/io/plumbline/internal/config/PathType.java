package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A place on the local disk; a relative one starts at the working directory. */
final class PathType implements ValueType<Path> {

  @Override
  public String accepted() {
    return "a path on the local disk";
  }

  @Override
  public Path parse(String text) throws BadValueException {
    return toPath(text);
  }

  @Override
  public String format(Path value) {
    return value.toString();
  }

  /** Returns the absolute path that a text names. */
  static Path toPath(String text) throws BadValueException {
    if (text.isBlank()) {
      throw new BadValueException("it is blank");
    }
    if (text.equals("~") || text.startsWith("~/") || text.startsWith("~\\")) {
      // Only a shell knows this sign: without one, a folder named "~" would appear.
      throw new BadValueException(
          Printable.quote(text) + " begins with ~: write the folder in full");
    }
    try {
      return absolute(Path.of(text));
    } catch (InvalidPathException e) {
      throw new BadValueException(Printable.quote(text) + " is not a path: " + e.getReason());
    }
  }

  /** Returns the path from the root on, without {@code .} in it. */
  static Path absolute(Path path) {
    Path absolute = path.toAbsolutePath();
    // With ".." in it the path is left as it is: after a symbolic link, ".." is not what it seems.
    return path.toString().contains("..") ? absolute : absolute.normalize();
  }
}
