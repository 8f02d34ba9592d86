package io.plumbline.serving.internal.capture;

import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.LogSchemaBuilder;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.serving.internal.PrivacyRule;
import io.plumbline.serving.internal.VersionFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the log's schema of a version. */
final class LogSchemas {
  private LogSchemas() {}

  static LogSchema of(
      VersionFacts facts, CaptureOptions options, @Nullable String alias, Outputs outputs) {
    LogSchemaBuilder builder =
        LogSchema.builder(
            facts.version().name(), Integer.toString(facts.version().version()), facts.features());
    Profile profile = facts.profile();
    if (profile != null) {
      builder.profileId(profile.id());
      profile.transformDigest().ifPresent(builder::transformDigest);
    }
    for (Feature feature : facts.features().features()) {
      PrivacyRule privacy = options.privacy(feature.name());
      if (options.embeddings.containsKey(feature.name())) {
        continue;
      }
      if (privacy.drops() || feature.type() == DataType.BINARY) {
        builder.drop(feature.name());
        continue;
      }
      privacy.requireFor(feature.name(), values(feature));
      if (options.renamed.containsKey(feature.name())) {
        builder.rename(feature.name(), options.renamed.get(feature.name()));
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
    PrivacyRule entity = options.entity();
    if (entity != null && !entity.drops() && !entity.label().isEmpty()) {
      builder.policy(SystemColumn.ENTITY_ID.columnName(), entity.label());
    }
    options.embeddings.forEach(builder::embedding);
    usual(builder, SystemColumn.ALIAS, alias);
    usual(builder, SystemColumn.ENDPOINT, options.endpoint);
    usual(builder, SystemColumn.HOST, PredictionLogWriter.hostName());
    outputs.describe(builder);
    return builder.build();
  }

  private static PrivacyRule.Values values(Feature feature) {
    return switch (feature.type()) {
      case STRING, BINARY -> PrivacyRule.Values.TEXTS;
      case BOOLEAN -> PrivacyRule.Values.TRUTHS;
      case INTEGER, LONG, DATETIME, FLOAT, DOUBLE -> PrivacyRule.Values.NUMBERS;
    };
  }

  private static void usual(LogSchemaBuilder builder, SystemColumn column, @Nullable String value) {
    if (value != null) {
      builder.usual(column, value);
    }
  }

  private static void categories(LogSchemaBuilder builder, ColumnProfile column) {
    List<String> known = column.categories();
    if (column.kind().categorical() && !known.isEmpty()) {
      builder.categories(column.name(), known);
    }
  }
}
