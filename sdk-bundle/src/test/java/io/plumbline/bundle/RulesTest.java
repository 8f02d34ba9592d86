package io.plumbline.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.plumbline.bundle.violations.Violations;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Shows each rule a class that breaks it: a rule that finds nothing there would guard nothing. */
@DisplayName("A rule of the house")
class RulesTest {
  private static final JavaClasses BROKEN =
      new ClassFileImporter().importPackagesOf(Violations.class);

  @Test
  @DisplayName("finds an arrow that points the wrong way")
  void arrows() {
    assertFinds(
        Rules.arrowsAreKept(modules("KnowsAFeature", "sdk-core", "Feature", "sdk-tracking")),
        "sdk-core -> sdk-tracking",
        "KnowsAFeature");
  }

  @Test
  @DisplayName("lets an arrow pass that points the right way")
  void allowedArrows() {
    Rules.arrowsAreKept(modules("KnowsAFeature", "sdk-serving", "Feature", "sdk-drift"))
        .check(BROKEN);
  }

  @Test
  @DisplayName("asks for the arrows of a new module")
  void unknownModule() {
    assertThatThrownBy(() -> Arrows.from("sdk-new"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sdk-new");
    assertThat(Arrows.from("integrations/new")).isEqualTo(Set.of("sdk-core"));
  }

  @Test
  @DisplayName("finds a package that is in two modules")
  void packages() {
    assertFinds(
        Rules.packagesAreNotSplit(modules("Feature", "sdk-core", "Pool", "sdk-drift")),
        "sdk-core",
        "sdk-drift");
  }

  @Test
  @DisplayName("finds a package without @NullMarked")
  void nulls() {
    assertFinds(Rules.packagesAreNullMarked(), "io.plumbline.bundle.violations needs");
  }

  @Test
  @DisplayName("finds a library in a parameter, a type argument, an array and an exception")
  void publicApi() {
    assertFinds(
        PublicApi.showsNoLibrary(),
        "ShowsLibrary.parameter(org.slf4j.Logger)",
        "ShowsLibrary.typeArgument()",
        "ShowsLibrary.array()",
        "ShowsLibrary.thrown()");
  }

  @Test
  @DisplayName("finds a secret that is held as text, and no page token or constant")
  void secrets() {
    assertFinds(Rules.secretsHaveTheirType(), "HoldsSecrets.apiKey", "HoldsSecrets.userPassword");
    assertThat(report(Rules.secretsHaveTheirType())).doesNotContain("pageToken", "TOKEN");
  }

  @Test
  @DisplayName("finds who reads the context class loader")
  void contextClassLoader() {
    assertFinds(Rules.contextClassLoaderIsReadInOnePlace(), "ReadsContextLoader");
  }

  @Test
  @DisplayName("finds each way into the common pool")
  void commonPool() {
    assertFinds(
        Rules.commonPoolIsNotUsed(),
        "Pool.common()",
        "Pool.future()",
        "Pool.collection(",
        "Pool.stream(");
    assertThat(report(Rules.commonPoolIsNotUsed())).doesNotContain("Pool.own(");
  }

  @Test
  @DisplayName("finds a static executor and a static thread")
  void staticThreads() {
    assertFinds(Rules.threadsAreNotStatic(), "StaticThreads.POOL", "StaticThreads.THREAD");
  }

  @Test
  @DisplayName("finds who reads serialized objects")
  void deserialization() {
    assertFinds(Rules.javaObjectsAreNotDeserialized(), "ReadsObjects");
  }

  @Test
  @DisplayName("finds a call that SLF4J 1.7 does not have")
  void logging() {
    assertFinds(Rules.slf4jIsCalledAsOf17(), "LogsAsOf20");
  }

  @Test
  @DisplayName("finds who changes the whole process")
  void process() {
    assertFinds(
        Rules.processIsLeftAlone(DescribedPredicate.alwaysTrue()),
        "ChangesProcess.property()",
        "exit()");
  }

  @Test
  @DisplayName("finds who prints")
  void printing() {
    assertFinds(
        Rules.nothingIsPrinted(DescribedPredicate.alwaysTrue()),
        "Prints.out()",
        "Prints.err()",
        "Prints.trace(");
  }

  private static void assertFinds(ArchRule rule, String... what) {
    assertThat(report(rule)).contains(what);
  }

  private static String report(ArchRule rule) {
    return String.join("\n", rule.evaluate(BROKEN).getFailureReport().getDetails());
  }

  /** Returns the broken classes, all in one module but for the two that are named. */
  private static Modules modules(String first, String module, String second, String otherModule) {
    Map<String, String> moduleByClass = new TreeMap<>();
    BROKEN.forEach(type -> moduleByClass.put(type.getName(), otherModule));
    String prefix = Violations.class.getName() + "$";
    moduleByClass.put(prefix + first, module);
    moduleByClass.put(prefix + second, otherModule);
    return new Modules(BROKEN, moduleByClass);
  }
}
