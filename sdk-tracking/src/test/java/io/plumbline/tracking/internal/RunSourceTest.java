package io.plumbline.tracking.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.model.RunTags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What has started a run")
class RunSourceTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;

  private Path write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }

  private @Nullable GitCheckout found(String below) {
    return GitCheckout.find(folder.resolve(below));
  }

  // ---- the program

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.acme.Train --token s3cret      | a.jar:b.jar  | com.acme.Train
          train.jar --password s3cret        | train.jar    | train.jar
          /opt/my apps/train.jar --pw s3cret | /opt/my apps/train.jar | /opt/my apps/train.jar
          acme.train/com.acme.Train s3cret   | ''           | acme.train/com.acme.Train
          jdk.compiler/com.sun.tools.javac.launcher.Main Train.java s3cret | '' | Train.java
          com.acme.Train                     | com          | com.acme.Train
          """)
  @DisplayName("is the main class, the jar or the file, and never an argument, which may be secret")
  void program(String command, String classPath, String program) {
    assertThat(RunSource.tags(command, classPath, folder))
        .isEqualTo(Map.of(RunTags.SOURCE_NAME, program, RunTags.SOURCE_TYPE, "LOCAL"));
  }

  @Test
  @DisplayName("is left out where the JVM does not say it")
  void unknown() {
    assertThat(RunSource.tags(null, null, folder)).containsOnlyKeys(RunTags.SOURCE_TYPE);
    assertThat(RunSource.tags(" ", "", folder)).containsOnlyKeys(RunTags.SOURCE_TYPE);
  }

  @Test
  @DisplayName("is looked for once")
  void once() {
    RunSource source = new RunSource();
    assertThat(source.tags()).isSameAs(source.tags()).containsKey(RunTags.SOURCE_NAME);
  }

  // ---- the commit

  @Test
  @DisplayName("is the commit of the branch, from a folder below, with where the clone is from")
  void branch() throws Exception {
    write(".git/HEAD", "ref: refs/heads/feature/auc\n");
    write(".git/refs/heads/feature/auc", COMMIT + "\n");
    write(
        ".git/config",
        """
        [core]
        \turl = no
        [remote "fork"]
        \turl = https://example.com/fork.git
        [remote "origin"]
        \turl = https://ci:s3cret@example.com/team/model.git
        [branch "main"]
        \tremote = origin
        """);
    Files.createDirectories(folder.resolve("a/b"));

    assertThat(found("a/b"))
        .isEqualTo(new GitCheckout(COMMIT, "feature/auc", "https://example.com/team/model.git"));
  }

  @Test
  @DisplayName("is found among packed references, too, and without a branch where none is out")
  void packed() throws Exception {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write(
        ".git/packed-refs",
        "# pack-refs with: peeled\n"
            + "f".repeat(40)
            + " refs/heads/other\n"
            + COMMIT
            + " refs/heads/main\n^"
            + "e".repeat(40)
            + "\n");
    assertThat(found("")).isEqualTo(new GitCheckout(COMMIT, "main", null));

    write(".git/HEAD", "a".repeat(64) + "\n");
    assertThat(found("")).isEqualTo(new GitCheckout("a".repeat(64), null, null));
  }

  @Test
  @DisplayName("is what Git itself says, in a clone and in a worktree of it")
  void likeGit() throws Exception {
    assumeTrue(git(folder, "--version").contains("git version"), "needs git");
    Path origin = folder.resolve("origin");
    Path clone = folder.resolve("clone");
    Path worktree = folder.resolve("worktree");
    git(folder, "init", "-q", "-b", "main", origin.toString());
    git(origin, "commit", "-q", "--allow-empty", "-m", "first");
    git(folder, "clone", "-q", origin.toString(), clone.toString());
    git(clone, "worktree", "add", "-q", "-b", "try", worktree.toString());
    git(worktree, "commit", "-q", "--allow-empty", "-m", "second");

    String first = git(clone, "rev-parse", "HEAD");
    String second = git(worktree, "rev-parse", "HEAD");
    assertThat(first).isNotEqualTo(second);
    assertThat(GitCheckout.find(clone))
        .isEqualTo(new GitCheckout(first, "main", origin.toString()));
    assertThat(GitCheckout.find(worktree))
        .isEqualTo(new GitCheckout(second, "try", origin.toString()));
    git(clone, "pack-refs", "--all");
    git(clone, "gc", "-q");
    assertThat(GitCheckout.find(worktree))
        .isEqualTo(new GitCheckout(second, "try", origin.toString()));
  }

  private static String git(Path in, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "user.name=t", "-c", "user.email=t@example.com"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return said.strip();
    } catch (IOException e) {
      return "";
    }
  }

  @ParameterizedTest(name = "HEAD with [{0}]")
  @ValueSource(
      strings = {
        "ref: ../../etc/passwd",
        "ref: refs/../../secret",
        "ref: refs/heads/gone",
        "ref: refs/heads/.invalid",
        "ref: refs/heads/a\0b",
        "not a commit",
        "",
      })
  @DisplayName("is nothing where Git's files are odd, and no run fails for it")
  void odd(String head) throws Exception {
    write("secret", COMMIT);
    write(".git/HEAD", head);
    assertThat(found("")).isNull();
  }

  @Test
  @DisplayName("is nothing where there is no checkout, or references go round in circles")
  void none() throws Exception {
    assertThat(found("nowhere/at/all")).isNull();
    write(".git/HEAD", "ref: refs/heads/a");
    write(".git/refs/heads/a", "ref: refs/heads/a");
    assertThat(found("")).isNull();
    write("sub/.git", "no folder is named");
    assertThat(found("sub")).isNull();
    write("broken/.git/HEAD", COMMIT);
    Files.write(folder.resolve("broken/.git/config"), new byte[] {'[', (byte) 0xff, (byte) 0xfe});
    assertThat(found("broken")).isNull();
  }

  // ---- where the clone is from

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://example.com/team/model.git             | https://example.com/team/model.git
          https://s3cret@example.com/team/model.git      | https://example.com/team/model.git
          https://ci:s3cret@example.com:8443/model.git   | https://example.com:8443/model.git
          https://ci:s3@cret@example.com/model.git       | https://example.com/model.git
          https://example.com/model.git?token=s3cret#s3cret | https://example.com/model.git
          ssh://git@example.com/model.git                | ssh://example.com/model.git
          git@example.com:team/model.git                 | git@example.com:team/model.git
          /srv/git/model.git                             | /srv/git/model.git
          file:///srv/git/model.git                      | file:///srv/git/model.git
          https://[2001:db8::1]:8443/model.git           | https://[2001:db8::1]:8443/model.git
          https://ci:s3c/ret@example.com/model.git       |
          ci:s3cret@example.com:model.git                |
          ext::sh -c s3cret                              |
          """)
  @DisplayName("is an address without credentials, or none where it is not clear what they are")
  void repository(String url, @Nullable String shown) {
    List<String> config = List.of("[remote \"origin\"]", "  url = " + url);
    assertThat(GitRemote.find(config)).isEqualTo(shown);
    assertThat(String.valueOf(GitRemote.find(config))).doesNotContain("s3c");
  }
}
