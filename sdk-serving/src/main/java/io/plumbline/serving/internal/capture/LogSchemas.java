package io.plumbline.serving.internal.capture;

import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.LogSchemaBuilder;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.serving.Privacy;
import io.plumbline.serving.internal.VersionFacts;
import java.util.List;

/** Makes the log's schema of a version. */
final class LogSchemas {
  private LogSchemas() {}

  static LogSchema of(VersionFacts facts, CaptureOptions options, Outputs outputs) {
    LogSchemaBuilder builder =
        LogSchema.builder(
            facts.version().name(), Integer.toString(facts.version().version()), facts.features());
    Profile profile = facts.profile();
    if (profile != null) {
      builder.profileId(profile.id());
      profile.transformDigest().ifPresent(builder::transformDigest);
    }
    for (Feature feature : facts.features().features()) {
      Privacy privacy = options.privacy(feature.name());
      if (privacy.drops() || feature.type() == DataType.BINARY) {
        builder.drop(feature.name());
        continue;
      }
      if (!privacy.label().isEmpty()) {
        builder.policy(feature.name(), privacy.label());
      }
      if (privacy.digests()) {
        builder.text(feature.name());
      } else if (feature.type() == DataType.STRING
          && privacy.label().isEmpty()
          && profile != null
          && profile.has(feature.name())) {
        categories(builder, profile.column(feature.name()));
      }
    }
    outputs.describe(builder);
    return builder.build();
  }

  private static void categories(LogSchemaBuilder builder, ColumnProfile column) {
    List<String> known = column.categories();
    if (column.kind().categorical() && !known.isEmpty()) {
      builder.categories(column.name(), known);
    }
  }
}
