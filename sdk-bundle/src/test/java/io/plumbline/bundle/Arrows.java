package io.plumbline.bundle;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which module may know which: the only list of the arrows between modules. */
final class Arrows {
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("sdk-core", Set.of()),
          Map.entry("sdk-tracking", Set.of("sdk-core")),
          Map.entry("sdk-registry", Set.of("sdk-core")),
          Map.entry("sdk-drift", Set.of("sdk-core")),
          // A live model follows an alias; a prediction logger counts into a profile.
          Map.entry("sdk-serving", Set.of("sdk-core", "sdk-registry", "sdk-drift")),
          Map.entry("sdk-tck", Set.of("sdk-core")),
          Map.entry(
              "sdk-test",
              Set.of("sdk-core", "sdk-tracking", "sdk-registry", "sdk-drift", "sdk-serving")),
          Map.entry(
              "sdk-cli",
              Set.of(
                  "sdk-core",
                  "sdk-tracking",
                  "sdk-registry",
                  "sdk-drift",
                  "sdk-serving",
                  "backends/mlflow",
                  "integrations/lightgbm",
                  "integrations/onnx",
                  "integrations/zstd")));

  /**
   * The one feature that an integration or a backend extends, where it must know more than the
   * core.
   */
  private static final Map<String, String> EXTENDS =
      Map.of("integrations/zstd", "sdk-drift"); // the hook of the prediction log

  private Arrows() {}

  /**
   * Returns the modules that a module may know besides itself.
   *
   * @throws IllegalArgumentException if the module is in no list
   */
  static Set<String> from(String module) {
    if (module.startsWith("integrations/") || module.startsWith("backends/")) {
      Set<String> allowed = new HashSet<>(Set.of("sdk-core"));
      Optional.ofNullable(EXTENDS.get(module)).ifPresent(allowed::add);
      return allowed;
    }
    Set<String> allowed = ALLOWED.get(module);
    if (allowed == null) {
      throw new IllegalArgumentException(
          "Module " + module + " has no arrows: add it to the list in Arrows");
    }
    return allowed;
  }

  /** Returns the condition that a class knows its own module and what the arrows allow. */
  static ArchCondition<JavaClass> areKept(Modules modules) {
    return new ArchCondition<>("know only the modules that the arrows allow") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String from = modules.moduleOf(type).orElseThrow();
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          Optional<String> to = modules.moduleOf(dependency.getTargetClass());
          if (to.isPresent() && !to.get().equals(from) && !Arrows.from(from).contains(to.get())) {
            events.add(
                SimpleConditionEvent.violated(
                    type, from + " -> " + to.get() + ": " + dependency.getDescription()));
          }
        }
      }
    };
  }
}
