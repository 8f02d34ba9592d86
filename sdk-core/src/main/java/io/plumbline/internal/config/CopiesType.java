package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import io.plumbline.internal.courier.Destination;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Names of further servers, each with its settings file: {@code name=file, name=file}. */
final class CopiesType implements ValueType<Map<String, Path>> {
  private final PathType path = new PathType();

  @Override
  public String accepted() {
    return "name=file pairs with a comma between them, such as audit=/etc/plumbline/audit.properties";
  }

  @Override
  public Map<String, Path> parse(String text) throws BadValueException {
    Map<String, Path> copies = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals).strip();
      if (!Destination.isName(name)) {
        throw new BadValueException(
            Printable.quote(pair.strip()) + " does not begin with a name and '='");
      }
      if (copies.put(name, path.parse(pair.substring(equals + 1).strip())) != null) {
        throw new BadValueException("'" + name + "' is there twice");
      }
    }
    return Collections.unmodifiableMap(copies);
  }

  @Override
  public String format(Map<String, Path> value) {
    return value.entrySet().stream()
        .map(copy -> copy.getKey() + "=" + copy.getValue())
        .collect(Collectors.joining(", "));
  }
}
