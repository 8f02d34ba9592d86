package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.internal.config.Explained;
import io.plumbline.internal.config.Explanation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code config}: the settings. */
@Command(name = "config", description = "Explains the settings.")
final class ConfigCommand extends StoreCommand {
  @Override
  public Integer call() {
    throw wrongCall("Name what to do: explain");
  }

  /** {@code config explain}: each setting, its value, and where that came from. */
  @Command(
      name = "explain",
      description = "Lists each setting with its value and where it came from; secrets are hidden.")
  static final class Explain extends StoreCommand {
    @Override
    public Integer call() {
      Explained explained = main().builder().explained();
      if (json()) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("settings", explained.entries().stream().map(Explain::setting).toList());
        document.put("warnings", explained.warnings());
        document.put(
            "errors", explained.problems().stream().map(ConfigException::getMessage).toList());
        printJson(document);
      } else {
        console().print(Explanation.text(explained));
      }
      return explained.problems().isEmpty() ? Main.OK : Main.USAGE;
    }

    private static Map<String, @Nullable Object> setting(Config.Entry entry) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("key", entry.key());
      json.put("value", entry.value());
      json.put("source", entry.source());
      json.put("doc", entry.doc());
      return json;
    }
  }
}
