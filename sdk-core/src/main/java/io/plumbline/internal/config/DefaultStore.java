package io.plumbline.internal.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the store when nobody named one: {@code .plumbline} in a project, else a folder for
 * the user's state as the operating system has it.
 *
 * @param folder the folder, which need not exist
 * @param reason why this one, for people
 */
record DefaultStore(Path folder, String reason) {

  private static final String[] PROJECT_FILES = {
    "pom.xml", "build.gradle", "build.gradle.kts", ".git"
  };

  /** Finds the folder. */
  static DefaultStore find(Sources sources) {
    Path work = sources.workingDirectory();
    if (work == null) {
      return here(Path.of("").toAbsolutePath(), "working directory");
    }
    for (String file : PROJECT_FILES) {
      if (Files.exists(work.resolve(file))) {
        return here(work, "project with ".concat(file));
      }
    }
    Path state = userState(sources);
    return state == null
        ? here(work, "working directory, as the user has no home folder")
        : new DefaultStore(state.resolve("plumbline"), "the user's state folder");
  }

  private static DefaultStore here(Path work, String reason) {
    return new DefaultStore(work.resolve(".plumbline"), reason);
  }

  private static @Nullable Path userState(Sources sources) {
    String name = sources.property("os.name");
    String system = name == null ? "" : name.toLowerCase(Locale.ROOT);
    Path home = absolute(sources.property("user.home"));
    if (system.startsWith("windows")) {
      return orBelow(absolute(sources.variable("LOCALAPPDATA")), home, "AppData/Local");
    }
    if (system.startsWith("mac")) {
      return orBelow(null, home, "Library/Application Support");
    }
    return orBelow(absolute(sources.variable("XDG_STATE_HOME")), home, ".local/state");
  }

  private static @Nullable Path orBelow(@Nullable Path named, @Nullable Path home, String below) {
    if (named != null) {
      return named;
    }
    return home == null ? null : home.resolve(below);
  }

  /** Returns an absolute path, or null: the XDG rules ignore a relative one, and "?" is no home. */
  private static @Nullable Path absolute(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      Path path = Path.of(text);
      return path.isAbsolute() ? path : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
