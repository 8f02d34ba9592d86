package io.plumbline.serving.internal;

import io.plumbline.drift.Profile;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded version is, apart from the model itself. Immutable; a version that is loaded twice
 * has two.
 *
 * @param version the version
 * @param inputs the names of its inputs, by position
 * @param features its features: the inputs, and what is watched beside them
 * @param outputs how many numbers it gives
 * @param outputNames their names, if its signature says so
 * @param profile its reference profile, if it came with one
 */
public record VersionFacts(
    ModelVersion version,
    List<String> inputs,
    FeatureSchema features,
    int outputs,
    List<String> outputNames,
    @Nullable Profile profile) {

  /** The names of all that can be set in a row. */
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(inputs);
    features.features().forEach(feature -> columns.add(feature.name()));
    return columns;
  }

  static VersionFacts of(
      ModelVersion version, ModelPackage model, int inputs, int outputs, List<String> names) {
    FeatureSchema schema = model.featureSchema().orElse(null);
    List<Feature> positions = positions(schema, model.signature().orElse(null), inputs);
    List<String> inputNames = positions.stream().map(Feature::name).toList();
    List<Feature> features = new ArrayList<>(positions);
    if (schema != null) {
      schema.features().stream()
          .filter(feature -> feature.role() == Feature.Role.CONTEXT)
          .filter(feature -> !inputNames.contains(feature.name()))
          .forEach(features::add);
    }
    return new VersionFacts(
        version,
        inputNames,
        schema != null && schema.inputs().equals(positions) ? schema : new FeatureSchema(features),
        outputs,
        names,
        model.part(Profile.FILE).map(part -> Profile.fromJson(part.bytes())).orElse(null));
  }

  /** What stands at each of the model's positions: by its schema, its signature, or a number. */
  private static List<Feature> positions(
      @Nullable FeatureSchema schema, @Nullable Signature signature, int inputs) {
    if (schema != null && schema.inputs().size() == inputs) {
      return schema.inputs();
    }
    List<Feature> positions = new ArrayList<>();
    List<FieldSpec> fields = signature == null ? List.of() : signature.inputs();
    for (int i = 0; i < inputs; i++) {
      FieldSpec field = fields.size() == inputs ? fields.get(i) : null;
      positions.add(
          field instanceof ColumnSpec column && !column.name().isEmpty()
              ? Feature.of(column.name(), column.type()).orNull()
              : Feature.of("f" + i, DataType.DOUBLE).orNull());
    }
    return positions;
  }
}
