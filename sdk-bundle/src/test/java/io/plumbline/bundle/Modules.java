package io.plumbline.bundle;

import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The compiled classes of our modules, each of which goes by its folder ({@code sdk-core}, {@code
 * integrations/lightgbm}).
 *
 * @param classes all classes of all modules
 * @param moduleByClass the module's folder for each full class name
 */
record Modules(JavaClasses classes, Map<String, String> moduleByClass) {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  /** Modules without classes, and those that are built after the bundle and published by nobody. */
  private static final Set<String> NOT_LOOKED_AT =
      Set.of("sdk-bom", "sdk-bundle", "samples", "benchmarks");

  /**
   * Reads the modules that the parent POM lists.
   *
   * @param root the checkout's root folder
   */
  static Modules of(Path root) {
    Map<String, String> moduleByClass = new TreeMap<>();
    List<Path> folders = new ArrayList<>();
    for (String module : folders(root)) {
      Path folder = root.resolve(module).resolve("target/classes");
      if (!Files.isDirectory(folder)) {
        throw new IllegalStateException(
            "Module "
                + module
                + " has no compiled classes: make it a test dependency of sdk-bundle, so that it"
                + " is built before the architecture is checked");
      }
      folders.add(folder);
      for (JavaClass type : new ClassFileImporter().importPath(folder)) {
        moduleByClass.put(type.getName(), module);
      }
    }
    return new Modules(new ClassFileImporter().importPaths(folders), moduleByClass);
  }

  /** Returns the folders of the modules whose classes are looked at. */
  private static List<String> folders(Path root) {
    try {
      return MODULE
          .matcher(Files.readString(root.resolve("pom.xml")))
          .results()
          .map(match -> match.group(1))
          .filter(module -> !NOT_LOOKED_AT.contains(module))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the module of a class, or nothing for a class that is not ours. */
  Optional<String> moduleOf(JavaClass type) {
    return Optional.ofNullable(moduleByClass.get(type.getBaseComponentType().getName()));
  }

  /** Returns the modules that have classes in a package. */
  Set<String> modulesOf(String packageName) {
    return classes.stream()
        .filter(type -> type.getPackageName().equals(packageName))
        .flatMap(type -> moduleOf(type).stream())
        .collect(toSet());
  }
}
