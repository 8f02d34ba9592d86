package io.plumbline.bundle;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What users can call, and the libraries that must not show there. */
final class PublicApi {
  private static final List<String> LIBRARIES =
      List.of(
          "okhttp3",
          "okio",
          "kotlin",
          "com.fasterxml",
          "com.github.benmanes.caffeine",
          "com.github.luben.zstd",
          "com.google.flatbuffers",
          "org.apache.arrow",
          "org.slf4j",
          "picocli",
          "io.github.metarank",
          "com.microsoft.ml",
          "ai.onnxruntime");

  private PublicApi() {}

  /** An integration may show the library that it integrates: users hand over its objects. */
  static ArchRule showsNoLibrary() {
    return classes()
        .that(areApi())
        .should(
            new ArchCondition<>("show no type of a library in what users can call") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getMembers().stream()
                    .filter(PublicApi::isVisible)
                    .forEach(
                        member ->
                            typesOf(member).stream()
                                .filter(shown -> isOfLibrary(shown, type))
                                .forEach(
                                    shown ->
                                        events.add(
                                            SimpleConditionEvent.violated(
                                                member,
                                                member.getDescription()
                                                    + " shows "
                                                    + shown.getName()))));
              }
            })
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaClass> areApi() {
    return DescribedPredicate.describe("are public and not internal", PublicApi::isApi);
  }

  private static boolean isApi(JavaClass type) {
    Optional<JavaClass> outer = type.getEnclosingClass();
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !(type.getPackageName() + ".").contains(".internal.")
        && (outer.isEmpty() || isApi(outer.get()));
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return !modifiers.contains(JavaModifier.SYNTHETIC)
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  /** Returns every class in a member's declaration, type arguments included. */
  private static Set<JavaClass> typesOf(JavaMember member) {
    Set<JavaClass> types = new HashSet<>();
    if (member instanceof JavaField field) {
      types.addAll(field.getType().getAllInvolvedRawTypes());
    }
    if (member instanceof JavaCodeUnit unit) {
      types.addAll(unit.getReturnType().getAllInvolvedRawTypes());
      for (JavaType parameter : unit.getParameterTypes()) {
        types.addAll(parameter.getAllInvolvedRawTypes());
      }
      for (ThrowsDeclaration<?> thrown : unit.getThrowsClause()) {
        types.add(thrown.getRawType());
      }
    }
    return types;
  }

  private static boolean isOfLibrary(JavaClass shown, JavaClass by) {
    String name = shown.getBaseComponentType().getName();
    boolean integrated =
        by.getPackageName().startsWith("io.plumbline.lightgbm")
            && name.startsWith("io.github.metarank.lightgbm4j.");
    return !integrated && LIBRARIES.stream().anyMatch(library -> name.startsWith(library + "."));
  }
}
