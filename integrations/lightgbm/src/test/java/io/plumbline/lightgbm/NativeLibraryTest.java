package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.metarank.lightgbm4j.LGBMBooster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The native library")
class NativeLibraryTest {
  @TempDir Path folder;

  /** What the child JVMs run: loads, waits for a line, and trains that many trees. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      try {
        LightGbm.load();
        System.out.println("loaded");
        if (System.in.read() < 0) {
          return;
        }
        try (LGBMBooster booster = new SmallTable(500, 1).booster(20)) {
          System.out.println("trees " + LightGbm.pack(booster).metadata().get("num_trees"));
        }
      } catch (NativeLibraryException e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
  }

  /** A program that uses lightgbm4j without Plumbline. */
  static final class Stranger {
    public static void main(String[] args) throws Exception {
      System.out.println("loaded " + LGBMBooster.isNativeLoaded());
    }
  }

  @Test
  @DisplayName("names the packages that bring libgomp where the system has none")
  void explainsLibgomp() throws Exception {
    assumeTrue(System.getProperty("os.name").startsWith("Linux"), "libgomp belongs to Linux");
    // The loader finds this one first, and it is no library: LightGBM is as lost as without any.
    Files.createFile(folder.resolve("libgomp.so.1"));

    Process child = start(Child.class, Map.of("LD_LIBRARY_PATH", folder.toString()));

    assertThat(ChildJvm.output(child))
        .contains("LightGBM's native library cannot be loaded: ")
        .contains("libgomp.so.1: file too short")
        .contains("apt-get install libgomp1")
        .contains("dnf install libgomp")
        .contains("apk add libgomp");
    assertThat(child.exitValue()).isEqualTo(1);
  }

  @Test
  @DisplayName("names what cannot be read where its folder is wrong")
  void explainsTheFolder() throws Exception {
    Process child = start(Child.class, Map.of("LIGHTGBM_NATIVE_LIB_PATH", folder.toString()));

    assertThat(ChildJvm.output(child))
        .contains(folder.toString())
        .contains("LIGHTGBM_NATIVE_LIB_PATH");
    assertThat(child.exitValue()).isEqualTo(1);
  }

  @Test
  @DisplayName("is explained for each system in its own words")
  void explainsEachSystem() {
    assertThat(NativeLibrary.explain("Mac OS X", "why")).contains("why", "brew install libomp");
    assertThat(NativeLibrary.explain("LINUX", "why")).contains("why", "libgomp1");
    assertThat(NativeLibrary.explain("Windows 11", "why")).contains("why", "64 bits");
  }

  @Test
  @DisplayName("works on in a program when others load it, with Plumbline or without")
  void otherProgramsDoNoHarm() throws Exception {
    Process first = start(Child.class, Map.of());
    assertThat(first.inputReader().readLine()).isEqualTo("loaded");

    Process stranger = start(Stranger.class, Map.of());
    assertThat(ChildJvm.output(stranger)).contains("loaded true");
    Process second = start(Child.class, Map.of());
    assertThat(second.inputReader().readLine()).isEqualTo("loaded");

    for (Process child : List.of(second, first)) {
      child.outputWriter().append('\n').close();
      assertThat(child.inputReader().readLine()).isEqualTo("trees 20");
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
    }
  }

  @Test
  @DisplayName("is loaded by several programs that start at the same moment")
  void simultaneousStarts() throws Exception {
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Process child = start(Child.class, Map.of());
      child.outputWriter().append('\n').close();
      children.add(child);
    }
    for (Process child : children) {
      assertThat(ChildJvm.output(child)).contains("trees 20");
      assertThat(child.exitValue()).isZero();
    }
  }

  @Test
  @DisplayName("is loaded once, however often it is asked for")
  void loadsOnce() {
    LightGbm.load();
    assertThatCode(LightGbm::load).doesNotThrowAnyException();
  }

  private Process start(Class<?> main, Map<String, String> environment) throws IOException {
    return ChildJvm.start(main, folder, environment);
  }
}
