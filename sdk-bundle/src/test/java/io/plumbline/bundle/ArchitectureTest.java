package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The house")
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root", ".."));
  private static final Modules MODULES = Modules.of(ROOT);

  @Test
  @DisplayName(
      "The core knows no other module; features, backends and integrations know the core and not"
          + " each other, but for serving, which knows the registry and drift")
  void arrows() {
    Rules.arrowsAreKept(MODULES).check(MODULES.classes());
  }

  @Test
  @DisplayName("No package is in two modules")
  void packages() {
    Rules.packagesAreNotSplit(MODULES).check(MODULES.classes());
  }

  @Test
  @DisplayName("Every package is @NullMarked")
  void nulls() {
    Rules.packagesAreNullMarked().check(MODULES.classes());
  }

  @Test
  @DisplayName("No library shows in what users can call, but in the integration of that library")
  void publicApi() {
    PublicApi.showsNoLibrary().check(MODULES.classes());
  }

  @Test
  @DisplayName("The samples use nothing internal")
  void samples() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("samples/src/main"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources)
          .isNotEmpty()
          .allSatisfy(
              source ->
                  assertThat(source)
                      .content()
                      .doesNotContainPattern("io\\.plumbline\\.([a-z]+\\.)*internal\\b"));
    }
  }

  @Test
  @DisplayName("No text field holds a token, a password or a secret")
  void secrets() {
    Rules.secretsHaveTheirType().check(MODULES.classes());
  }

  @Test
  @DisplayName("The context class loader is read in one place")
  void contextClassLoader() {
    Rules.contextClassLoaderIsReadInOnePlace().check(MODULES.classes());
  }

  @Test
  @DisplayName("Nothing runs in the common pool")
  void commonPool() {
    Rules.commonPoolIsNotUsed().check(MODULES.classes());
  }

  @Test
  @DisplayName("No thread, timer or executor is static")
  void staticThreads() {
    Rules.threadsAreNotStatic().check(MODULES.classes());
  }

  @Test
  @DisplayName("No serialized Java object is read")
  void deserialization() {
    Rules.javaObjectsAreNotDeserialized().check(MODULES.classes());
  }

  @Test
  @DisplayName("Only the calls of SLF4J 1.7 are made")
  void logging() {
    Rules.slf4jIsCalledAsOf17().check(MODULES.classes());
  }

  @Test
  @DisplayName("Nothing of the whole process is changed, but by the command line")
  void process() {
    Rules.processIsLeftAlone(Rules.allBut("sdk-cli", MODULES)).check(MODULES.classes());
  }

  @Test
  @DisplayName("Nothing is printed, but by the command line")
  void printing() {
    Rules.nothingIsPrinted(Rules.allBut("sdk-cli", MODULES)).check(MODULES.classes());
  }
}
