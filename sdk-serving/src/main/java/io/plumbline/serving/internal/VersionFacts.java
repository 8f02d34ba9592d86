package io.plumbline.serving.internal;

import io.plumbline.drift.Profile;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import java.util.ArrayList;
import java.util.List;
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

  static VersionFacts of(
      ModelVersion version, ModelPackage model, int inputs, int outputs, List<String> names) {
    Signature signature = model.signature().orElse(null);
    boolean named =
        signature != null
            && signature.inputs().size() == inputs
            && signature.inputs().stream().allMatch(field -> field instanceof ColumnSpec)
            && signature.inputs().stream().noneMatch(field -> field.name().isEmpty());
    FeatureSchema schema = model.featureSchema().orElse(null);
    List<Feature> features = new ArrayList<>();
    List<String> inputNames = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      boolean fits = schema != null && schema.inputs().size() == inputs;
      if (fits) {
        inputNames.add(schema.inputs().get(i).name());
      } else if (named) {
        ColumnSpec column = (ColumnSpec) signature.inputs().get(i);
        inputNames.add(column.name());
        features.add(Feature.of(column.name(), column.type()).orNull());
      } else {
        inputNames.add("f" + i);
        features.add(Feature.of("f" + i, DataType.DOUBLE).orNull());
      }
    }
    if (schema != null && !features.isEmpty()) {
      // Its inputs are not the model's: those are not known by name, but the context is.
      schema.features().stream()
          .filter(feature -> feature.role() == Feature.Role.CONTEXT)
          .filter(feature -> !inputNames.contains(feature.name()))
          .forEach(features::add);
    }
    return new VersionFacts(
        version,
        List.copyOf(inputNames),
        features.isEmpty() && schema != null ? schema : new FeatureSchema(features),
        outputs,
        names,
        model.part(Profile.FILE).map(part -> Profile.fromJson(part.bytes())).orElse(null));
  }
}
