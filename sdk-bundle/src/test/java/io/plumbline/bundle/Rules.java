package io.plumbline.bundle;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import org.jspecify.annotations.NullMarked;

/** What no class of ours may do. Each rule is about all classes, unless its text says otherwise. */
final class Rules {
  /** Words for something that opens a door, at the end of a field's name. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(token|password|passwd|passphrase|secret|(api|access|secret|private)_?key)$",
          Pattern.CASE_INSENSITIVE);

  /** Tokens that open nothing: the place in a list of pages. */
  private static final Pattern NO_SECRET_NAME =
      Pattern.compile("(page|next)_?token$", Pattern.CASE_INSENSITIVE);

  private static final Set<String> PROCESS_WIDE =
      Set.of(
          "java.lang.System.setProperty",
          "java.lang.System.setProperties",
          "java.lang.System.clearProperty",
          "java.lang.System.setOut",
          "java.lang.System.setErr",
          "java.lang.System.setIn",
          "java.lang.System.exit",
          "java.lang.Runtime.halt",
          "java.lang.Thread.setDefaultUncaughtExceptionHandler",
          "java.util.Locale.setDefault",
          "java.util.TimeZone.setDefault",
          "java.net.Authenticator.setDefault",
          "java.net.CookieHandler.setDefault",
          "java.net.ProxySelector.setDefault",
          "java.net.URL.setURLStreamHandlerFactory",
          "javax.net.ssl.SSLContext.setDefault");

  private static final Set<String> LOGGER_METHODS_OF_2_0 =
      Set.of(
          "atTrace",
          "atDebug",
          "atInfo",
          "atWarn",
          "atError",
          "atLevel",
          "isEnabledForLevel",
          "makeLoggingEventBuilder",
          "pushByKey",
          "popByKey");

  private Rules() {}

  static ArchRule arrowsAreKept(Modules modules) {
    return classes().should(Arrows.areKept(modules)).allowEmptyShould(true);
  }

  static ArchRule packagesAreNotSplit(Modules modules) {
    return classes()
        .should(
            new ArchCondition<>("be in a package that no other module has") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                Set<String> owners = modules.modulesOf(type.getPackageName());
                if (owners.size() > 1) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getDescription() + " is in a package of " + owners));
                }
              }
            })
        .allowEmptyShould(true);
  }

  static ArchRule packagesAreNullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type,
                          type.getPackageName() + " needs a package-info.java with @NullMarked"));
                }
              }
            })
        .allowEmptyShould(true);
  }

  static ArchRule secretsHaveTheirType() {
    return noFields()
        .that(areNamedLikeASecret())
        .should()
        .haveRawType(assignableTo(CharSequence.class))
        .because("text is printed by accident: hold it as a Secret")
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaField> areNamedLikeASecret() {
    // A constant is the name of a setting, not its value.
    return DescribedPredicate.describe(
        "are named like a secret",
        field ->
            SECRET_NAME.matcher(field.getName()).find()
                && !NO_SECRET_NAME.matcher(field.getName()).find()
                && !field.getModifiers().containsAll(List.of(STATIC, FINAL)));
  }

  static ArchRule contextClassLoaderIsReadInOnePlace() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.plumbline.internal.spi.Providers")
        .should()
        .callMethod(Thread.class, "getContextClassLoader")
        .because("the loader depends on the caller; Providers alone decides which loaders to ask")
        .allowEmptyShould(true);
  }

  static ArchRule commonPoolIsNotUsed() {
    return noClasses()
        .should()
        .callCodeUnitWhere(
            DescribedPredicate.describe("it runs in the common pool", Rules::usesCommonPool))
        .because("the pool is the application's, and holds class loaders")
        .allowEmptyShould(true);
  }

  private static boolean usesCommonPool(JavaCall<?> call) {
    AccessTarget.CodeUnitCallTarget target = call.getTarget();
    JavaClass owner = target.getOwner();
    String name = target.getName();
    boolean future =
        owner.isAssignableTo(CompletableFuture.class)
            && (name.endsWith("Async") || name.equals("delayedExecutor"))
            && target.getRawParameterTypes().stream()
                .noneMatch(type -> type.isAssignableTo(Executor.class));
    return future
        || name.equals("parallelStream")
        || (name.equals("commonPool") && owner.isAssignableTo(ForkJoinPool.class))
        || (name.equals("parallel") && owner.isAssignableTo(BaseStream.class))
        || (name.startsWith("parallel") && owner.isEquivalentTo(java.util.Arrays.class));
  }

  static ArchRule threadsAreNotStatic() {
    return fields()
        .that()
        .areStatic()
        .should()
        .notHaveRawType(
            assignableTo(Executor.class)
                .or(assignableTo(Thread.class))
                .or(assignableTo(java.util.Timer.class))
                .as("a thread, a timer or an executor"))
        .because("a static thread keeps the class loader of an application that is gone")
        .allowEmptyShould(true);
  }

  static ArchRule javaObjectsAreNotDeserialized() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.beans.XMLDecoder")
        .because("a hostile file could run code")
        .allowEmptyShould(true);
  }

  static ArchRule slf4jIsCalledAsOf17() {
    return noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it exists in SLF4J 2.0 only",
                call ->
                    call.getTargetOwner().getPackageName().startsWith("org.slf4j")
                        && LOGGER_METHODS_OF_2_0.contains(call.getTarget().getName())))
        .orShould()
        .dependOnClassesThat(resideInAPackage("org.slf4j.spi.."))
        .because("the application may bring SLF4J 1.7")
        .allowEmptyShould(true);
  }

  /** For all modules but the command line, which is the application itself. */
  static ArchRule processIsLeftAlone(DescribedPredicate<JavaClass> guests) {
    return noClasses()
        .that(guests)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it changes the whole process",
                call ->
                    PROCESS_WIDE.contains(
                        call.getTargetOwner().getName() + "." + call.getTarget().getName())))
        .because("the process is the application's")
        .allowEmptyShould(true);
  }

  /** For all modules but the command line, whose output it is. */
  static ArchRule nothingIsPrinted(DescribedPredicate<JavaClass> guests) {
    return noClasses()
        .that(guests)
        .should(accessField(System.class, "out").or(accessField(System.class, "err")))
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it prints a stack trace",
                call ->
                    call.getTargetOwner().isAssignableTo(Throwable.class)
                        && call.getTarget().getName().equals("printStackTrace")
                        && call.getTarget().getRawParameterTypes().isEmpty()))
        .because("the standard streams are the application's: use the logger")
        .allowEmptyShould(true);
  }

  static DescribedPredicate<JavaClass> allBut(String module, Modules modules) {
    return DescribedPredicate.describe(
        String.format(Locale.ROOT, "are not in %s", module),
        type -> !modules.moduleOf(type).filter(module::equals).isPresent());
  }
}
