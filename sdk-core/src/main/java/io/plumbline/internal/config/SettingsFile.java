package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of one file: the last line of each key counts. */
final class SettingsFile {

  /** The file in the working directory that is read unless another one is named. */
  static final String DEFAULT_NAME = "plumbline.properties";

  private static final int MAX_BYTES = 1 << 20;

  private final Path path;
  private final Map<String, PropertiesFile.Line> lines = new HashMap<>();
  private final List<String> repeated = new ArrayList<>();

  private SettingsFile(Path path, List<PropertiesFile.Line> lines) {
    this.path = path;
    for (PropertiesFile.Line line : lines) {
      PropertiesFile.Line earlier = this.lines.put(line.key(), line);
      if (earlier != null && Keys.find(line.key()) != null) {
        repeated.add(
            line.key() + " of " + source(line) + " replaces that of line " + earlier.number());
      }
    }
  }

  /**
   * Reads a file in UTF-8.
   *
   * @throws BadValueException when it is not a regular file that can be read, is larger than 1 MiB,
   *     or is not in the format
   */
  static SettingsFile read(Path path) throws BadValueException {
    // A pipe would block for ever, and a device would never end.
    if (!Files.isRegularFile(path)) {
      throw new BadValueException(
          "the file "
              + name(path)
              + (Files.exists(path) ? " is not a regular file" : " does not exist"));
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new BadValueException(
          "the file " + name(path) + " cannot be read: " + Printable.escape(e.toString()));
    }
    if (bytes.length > MAX_BYTES) {
      throw new BadValueException("the file " + name(path) + " is larger than 1MiB");
    }
    try {
      return new SettingsFile(path, PropertiesFile.parse(decode(bytes)));
    } catch (CharacterCodingException e) {
      throw new BadValueException("the file " + name(path) + " is not in UTF-8");
    } catch (BadValueException e) {
      throw new BadValueException("the file " + name(path) + ": " + e.problem());
    }
  }

  /** Returns the line of a key, or null. */
  PropertiesFile.@Nullable Line line(ConfigKey<?> key) {
    return lines.get(key.property());
  }

  /** Returns where a line stands, for people: {@code /etc/plumbline.properties:3}. */
  String source(PropertiesFile.Line line) {
    return name(path) + ":" + line.number();
  }

  /** Returns the last line of each key, in no order. */
  Iterable<PropertiesFile.Line> lines() {
    return lines.values();
  }

  /** Returns a sentence for each known key that stands in the file again. */
  List<String> repeated() {
    return repeated;
  }

  /** Returns whether the file is for this SDK alone, by its name; others may hold anything. */
  boolean isOurs() {
    Path name = path.getFileName();
    return name != null && name.toString().equals(DEFAULT_NAME);
  }

  private static String name(Path path) {
    return Printable.escape(path.toString());
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text; // some editors put a mark there
  }
}
