package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Every published module")
class PublishedModulesTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root", ".."));
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>(plumbline-[^<]+)</artifactId>");
  private static final Pattern MODULE_NAME =
      Pattern.compile("<automatic.module.name>([^<]+)</automatic.module.name>");

  @Test
  @DisplayName("stands in the list of versions for users, and nothing else does")
  void bom() throws IOException {
    String bom = Files.readString(ROOT.resolve("sdk-bom/pom.xml"));
    List<String> listed =
        all(ARTIFACT, bom.substring(bom.indexOf("<dependencyManagement>"))).toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(publishedPoms().keySet());
  }

  @Test
  @DisplayName("has a module name of its own, which stays when its jar is renamed")
  void moduleNames() throws IOException {
    Collection<String> poms = publishedPoms().values();
    List<String> names = poms.stream().flatMap(pom -> all(MODULE_NAME, pom)).toList();
    assertThat(names).hasSameSizeAs(poms).doesNotHaveDuplicates();
    assertThat(names).allSatisfy(name -> assertThat(name).startsWith("io.plumbline."));
  }

  /** Returns the POM of each published module with a jar, by its artifact. */
  private static SortedMap<String, String> publishedPoms() throws IOException {
    SortedMap<String, String> poms = new TreeMap<>();
    for (String module : all(MODULE, Files.readString(ROOT.resolve("pom.xml"))).toList()) {
      String pom = Files.readString(ROOT.resolve(module).resolve("pom.xml"));
      boolean published =
          !pom.contains("<plumbline.unpublished>true<") && !pom.contains("<packaging>pom<");
      if (published) {
        String ownPart = pom.substring(pom.indexOf("</parent>"));
        poms.put(all(ARTIFACT, ownPart).findFirst().orElseThrow(), pom);
      }
    }
    assertThat(poms).as("published modules").containsKey("plumbline-core");
    return poms;
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }
}
