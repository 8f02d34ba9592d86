package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Loads LightGBM's native library, or says why it cannot be. */
final class NativeLibrary {
  /** Set in the environment, it names a folder with the native libraries: nothing is unpacked. */
  private static final String FOLDER_VARIABLE = "LIGHTGBM_NATIVE_LIB_PATH";

  private static boolean loaded;

  private NativeLibrary() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    Throwable cause = null;
    try {
      loadAlone();
      if (!LGBMBooster.isNativeLoaded()) {
        cause = cause();
      }
    } catch (LinkageError e) {
      cause = e;
    }
    loaded = cause == null;
    if (cause != null) {
      throw new NativeLibraryException(
          explain(System.getProperty("os.name"), cause.getMessage()), cause);
    }
  }

  /**
   * Loads while no other program does. lightgbm4j unpacks its libraries over those that another
   * program has unpacked and may be running, which then crashes: the old files are removed first,
   * so that it writes new ones, and the new ones afterwards, so that nobody writes over them. What
   * is loaded stays loaded without its file. And while one program unpacks, no other may load.
   */
  private static void loadAlone() {
    if (System.getenv(FOLDER_VARIABLE) != null) {
      initialize();
      return;
    }
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9]", "_");
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve("plumbline-lightgbm-" + user + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      lock.lock();
      deleteUnpacked(folder);
      initialize();
      deleteUnpacked(folder);
    } catch (IOException | OverlappingFileLockException e) {
      // Files of another user, Windows, a file system without locks: lightgbm4j tries its luck.
      initialize();
    }
  }

  private static void deleteUnpacked(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve("lib_lightgbm" + suffix()));
    Files.deleteIfExists(folder.resolve("lib_lightgbm_swig" + suffix()));
  }

  /** Makes lightgbm4j load, which it does once: when its class is first used. */
  private static void initialize() {
    boolean unused = LGBMBooster.isNativeLoaded();
  }

  /** Why the library was not loaded: on Linux lightgbm4j only logs it. Null if it now was. */
  private static @Nullable Throwable cause() {
    try {
      LGBMBooster.loadNative();
      if (LGBMBooster.isNativeLoaded()) {
        return null;
      }
      String folder = System.getenv(FOLDER_VARIABLE);
      Path path = Path.of(folder == null ? System.getProperty("java.io.tmpdir") : folder);
      System.load(path.resolve("lib_lightgbm" + suffix()).toAbsolutePath().toString());
      return new UnsatisfiedLinkError("there is no native library for this system");
    } catch (IOException | LinkageError e) {
      return e;
    }
  }

  static String explain(String system, @Nullable String reason) {
    String name = system.toLowerCase(Locale.ROOT);
    String remedy;
    if (name.startsWith("mac")) {
      remedy = "It needs the OpenMP runtime libomp. Install it with: brew install libomp";
    } else if (name.startsWith("linux")) {
      remedy =
          """
          It needs the OpenMP runtime libgomp.so.1. Install it with
            Debian, Ubuntu:  apt-get install libgomp1
            Fedora, RHEL:    dnf install libgomp
            Alpine:          apk add libgomp gcompat libstdc++"""
              .strip();
    } else {
      remedy = "There are libraries for Linux, macOS and Windows, each for 64 bits.";
    }
    return "LightGBM's native library cannot be loaded: "
        + reason
        + "\n"
        + remedy
        + "\nThe library is unpacked into java.io.tmpdir, where programs must be allowed to run;\n"
        + "a folder that has it already is named by the environment variable "
        + FOLDER_VARIABLE
        + ".";
  }

  private static String suffix() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? ".dylib" : name.startsWith("windows") ? ".dll" : ".so";
  }
}
