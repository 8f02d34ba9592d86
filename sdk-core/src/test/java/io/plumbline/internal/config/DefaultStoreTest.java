package io.plumbline.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A store that nobody named is in the project, else with the user's state")
class DefaultStoreTest {

  @TempDir Path work;
  private Path home;
  private FakeSources sources;

  @BeforeEach
  void atHome() {
    home = work.resolve("home");
    sources = new FakeSources().workingDirectory(work).property("user.home", home.toString());
  }

  @ParameterizedTest(name = "of \"{0}\"")
  @ValueSource(strings = {"pom.xml", "build.gradle", "build.gradle.kts", ".git"})
  @DisplayName("a build file or a repository beside it makes a project")
  void project(String file) throws Exception {
    Files.createFile(work.resolve(file));

    assertThat(DefaultStore.find(sources))
        .isEqualTo(new DefaultStore(work.resolve(".plumbline"), "project with " + file));
  }

  @Test
  @DisplayName("on Linux the state folder is XDG_STATE_HOME, else ~/.local/state")
  void linux() {
    sources.property("os.name", "Linux");
    assertThat(folder()).isEqualTo(home.resolve(".local/state/plumbline"));

    sources.variable("XDG_STATE_HOME", "relative");
    assertThat(folder()).isEqualTo(home.resolve(".local/state/plumbline"));

    sources.variable("XDG_STATE_HOME", work.resolve("state").toString());
    assertThat(folder()).isEqualTo(work.resolve("state/plumbline"));
  }

  @Test
  @DisplayName("on macOS it is ~/Library/Application Support")
  void mac() {
    sources.property("os.name", "Mac OS X");
    sources.variable("XDG_STATE_HOME", work.resolve("state").toString());

    assertThat(folder()).isEqualTo(home.resolve("Library/Application Support/plumbline"));
  }

  @Test
  @DisplayName("on Windows it is LOCALAPPDATA, else the folder that it usually names")
  void windows() {
    sources.property("os.name", "WINDOWS 11");
    assertThat(folder()).isEqualTo(home.resolve("AppData/Local/plumbline"));

    sources.variable("LOCALAPPDATA", work.resolve("local").toString());
    assertThat(folder()).isEqualTo(work.resolve("local/plumbline"));
  }

  @ParameterizedTest(name = "home is \"{0}\"")
  @ValueSource(strings = {"?", "", "relative", "a\0b"})
  @DisplayName("a user without a home folder gets it in the working directory")
  void homeless(String noHome) {
    sources.property("user.home", noHome);

    assertThat(folder()).isEqualTo(work.resolve(".plumbline"));
  }

  private Path folder() {
    return DefaultStore.find(sources).folder();
  }
}
