package io.plumbline.tracking.internal;

import io.plumbline.model.RunTags;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has started the runs of this program, found out when the first one starts: the main class or
 * jar without its arguments, which may hold secrets, and the commit of the working directory.
 */
final class RunSource {
  private static final String LOCAL = "LOCAL";

  private @Nullable Map<String, String> found;

  /** Returns the tags that say so; what cannot be found out is left out. */
  synchronized Map<String, String> tags() {
    if (found == null) {
      found =
          tags(
              System.getProperty("sun.java.command"),
              System.getProperty("java.class.path"),
              Path.of("").toAbsolutePath());
    }
    return found;
  }

  static Map<String, String> tags(
      @Nullable String command, @Nullable String classPath, Path directory) {
    Map<String, String> tags = new LinkedHashMap<>();
    String program = program(command, classPath);
    if (program != null) {
      tags.put(RunTags.SOURCE_NAME, program);
    }
    tags.put(RunTags.SOURCE_TYPE, LOCAL);
    GitCheckout checkout = GitCheckout.find(directory);
    if (checkout != null) {
      tags.put(RunTags.GIT_COMMIT, checkout.commit());
      put(tags, RunTags.GIT_BRANCH, checkout.branch());
      put(tags, RunTags.GIT_REPOSITORY, checkout.repository());
    }
    return tags;
  }

  private static void put(Map<String, String> tags, String key, @Nullable String value) {
    if (value != null) {
      tags.put(key, value);
    }
  }

  /** Returns the first word of the JVM's command, which is the main class, the jar or the file. */
  private static @Nullable String program(@Nullable String command, @Nullable String classPath) {
    if (command == null || command.isBlank()) {
      return null;
    }
    // A jar is the whole class path then; its name may have blanks.
    if (classPath != null && isWord(command, classPath)) {
      return classPath;
    }
    String[] words = command.strip().split(" ", 3);
    boolean file = words[0].startsWith("jdk.compiler/") && words.length > 1;
    return file ? words[1] : words[0];
  }

  private static boolean isWord(String command, String start) {
    return !start.isEmpty()
        && command.startsWith(start)
        && (command.length() == start.length() || command.charAt(start.length()) == ' ');
  }
}
