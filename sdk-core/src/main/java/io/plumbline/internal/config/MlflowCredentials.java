package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file in which MLflow's Python client keeps a user's name and password: {@code
 * ~/.mlflow/credentials}, section {@code [mlflow]}.
 */
final class MlflowCredentials {

  static final String ACCEPTED =
      "a section [mlflow] with lines mlflow_tracking_username = ... and"
          + " mlflow_tracking_password = ...";

  private static final int MAX_BYTES = 1 << 20;

  private MlflowCredentials() {}

  /** Returns the file of this user, if it is there; home is where Python looks for it. */
  static @Nullable Path find(Sources sources) {
    String home = sources.variable("HOME");
    if (home == null || home.isBlank()) {
      home = sources.property("user.home");
    }
    if (home == null || home.isBlank()) {
      return null;
    }
    try {
      Path file = Path.of(home).resolve(".mlflow").resolve("credentials");
      return Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * Reads the file.
   *
   * @return what is set, by the names of MLflow's variables in small letters
   * @throws BadValueException when it cannot be read or is not in the format
   */
  static Map<String, String> read(Path file) throws BadValueException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new BadValueException("the file cannot be read: " + Printable.escape(e.toString()));
    }
    if (bytes.length > MAX_BYTES) {
      throw new BadValueException("the file is larger than 1MiB");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      Map<String, String> values = IniSection.read(text, "mlflow");
      for (Map.Entry<String, String> entry : values.entrySet()) {
        entry.setValue(plain(entry.getValue()));
      }
      return values;
    } catch (CharacterCodingException e) {
      throw new BadValueException("the file is not in UTF-8");
    }
  }

  /** Python doubles a percent sign, and replaces what stands in brackets behind a single one. */
  private static String plain(String value) throws BadValueException {
    String single = value.replace("%%", "\0");
    if (single.contains("%(")) {
      throw new BadValueException("a value refers to another one with %(...)");
    }
    return single.replace('\0', '%');
  }
}
