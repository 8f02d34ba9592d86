package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code model NAME} and {@code model NAME/VERSION}: all of a registered model, or of a version.
 */
@Command(
    name = "model",
    description = {
      "Shows all of a registered model: tags, aliases, versions; or all of one version: digest,"
          + " files, signature, where it comes from."
    })
final class ModelCommand extends RegistryCommand {
  private static final int PAGE = 1_000;

  @Parameters(
      paramLabel = "NAME|REF",
      description = "A model's name; or a version, such as NAME/3, NAME@ALIAS or NAME/latest.")
  private String text = "";

  @Option(
      names = "--alias",
      paramLabel = "ALIAS",
      description = "The history of this alias, the newest change first.")
  private @Nullable String alias;

  @Override
  int work(ModelRegistry models) {
    boolean plain = text.indexOf('/') < 0 && text.indexOf(':') < 0;
    RegisteredModel model = plain ? models.findModel(text).orElse(null) : null;
    if (model == null && plain && text.indexOf('@') < 0 && !text.matches("m-[0-9a-f]{32}")) {
      model = model(text); // which says that there is none
    }
    if (model != null) {
      showModel(models, model);
    } else if (alias != null) {
      throw wrongCall("--alias is for a model: name it without a version");
    } else {
      showVersion(look(text));
    }
    return Main.OK;
  }

  // ---- a model

  private void showModel(ModelRegistry models, RegisteredModel model) {
    List<AliasChange> history = alias == null ? List.of() : history(models, model, alias);
    List<AliasChange> pointers = new ArrayList<>();
    for (String pointing : new TreeMap<>(model.aliases()).keySet()) {
      models.aliasHistory(model.name(), pointing).stream().findFirst().ifPresent(pointers::add);
    }
    List<ModelVersion> versions = versions(models, model.name());
    if (json()) {
      Map<String, @Nullable Object> document = ModelDocument.of(model);
      document.put("pointers", pointers.stream().map(ModelDocument::of).toList());
      if (alias != null) {
        document.put("history", history.stream().map(ModelDocument::of).toList());
      }
      document.put("versions", versions.stream().map(ModelDocument::of).toList());
      printJson(document);
    } else {
      ModelPage page = new ModelPage(console());
      if (alias == null) {
        page.model(model, pointers, versions);
      } else {
        page.history(history);
      }
    }
  }

  private static List<AliasChange> history(
      ModelRegistry models, RegisteredModel model, String alias) {
    List<AliasChange> history = models.aliasHistory(model.name(), alias);
    if (history.isEmpty()) {
      throw new NotFoundException(
          "the model "
              + Printable.quote(model.name())
              + " never had an alias "
              + Printable.quote(alias)
              + "; it has "
              + (model.aliases().isEmpty() ? "none" : new TreeMap<>(model.aliases()).keySet()));
    }
    return history;
  }

  private static List<ModelVersion> versions(ModelRegistry models, String name) {
    List<ModelVersion> all = new ArrayList<>();
    Page<ModelVersion> page = models.versions(name, PAGE, null);
    all.addAll(page.items());
    while (page.pageToken() != null) {
      page = models.versions(name, PAGE, page.pageToken());
      all.addAll(page.items());
    }
    return all;
  }

  // ---- a version

  private void showVersion(ModelVersion version) {
    Signature signature = VersionParts.signature(files(), version);
    if (json()) {
      Map<String, @Nullable Object> document = ModelDocument.of(version);
      document.put("signature", signature == null ? null : ModelDocument.of(signature));
      printJson(document);
    } else {
      new VersionPage(console()).print(version, signature);
    }
  }
}
