package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.drift.FeatureTransform;
import io.plumbline.drift.Profile;
import io.plumbline.drift.TransformCheck;
import io.plumbline.drift.TransformCheck.Policy;
import io.plumbline.drift.TransformDigest;
import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.FetchedModel;
import io.plumbline.serving.internal.LiveModels.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the features of a version are made here as they were made in training. */
final class FeatureChecks {
  private final Options options;

  FeatureChecks(Options options) {
    this.options = options;
  }

  /**
   * Compares what came with a version with what this program says of itself, if it says something.
   *
   * @return what differs and may, by the policies
   * @throws IncompatibleModelException if something differs and must not; it names what
   */
  List<String> check(FetchedModel fetched) {
    ModelPackage model = fetched.model();
    List<String> warnings = new ArrayList<>();
    FeatureTransform<?> transform = options.transform;
    if (transform != null) {
      List<String> found = transform(model, transform);
      judge(fetched, options.transformPolicy, found, warnings);
    }
    FeatureSchema schema = options.schema;
    if (schema != null) {
      judge(fetched, options.schemaPolicy, schema(model, schema), warnings);
    }
    return warnings;
  }

  private static void judge(
      FetchedModel fetched, Policy policy, List<String> found, List<String> warnings) {
    if (found.isEmpty()) {
      return;
    }
    if (policy == Policy.FAIL) {
      throw new IncompatibleModelException(
          fetched.version().uri()
              + " would get other features than it was trained with: "
              + String.join("; ", found));
    }
    warnings.addAll(found);
  }

  private static List<String> transform(ModelPackage model, FeatureTransform<?> code) {
    Optional<TransformDigest> trained = TransformDigest.in(model);
    List<String> found =
        new ArrayList<>(TransformCheck.check(trained, code, Policy.WARN).differences());
    if (trained.isPresent() && found.isEmpty()) {
      order(code.features(), inputs(model), found);
      Optional<String> profiled = profile(model).flatMap(Profile::transformDigest);
      if (profiled.isPresent() && !profiled.get().equals(trained.get().digest())) {
        found.add(
            "the package's profile was made with another transform than its "
                + TransformDigest.FILE);
      }
    }
    return found;
  }

  /** The transform's features must stand where the model expects them. */
  private static void order(
      List<String> made, @Nullable List<String> expected, List<String> found) {
    if (expected == null || expected.equals(made)) {
      return;
    }
    for (int i = 0; i < Math.min(made.size(), expected.size()); i++) {
      if (!made.get(i).equals(expected.get(i))) {
        found.add(
            "the model's input "
                + i
                + " is "
                + Printable.quote(expected.get(i))
                + ", and the transform makes "
                + Printable.quote(made.get(i))
                + " there");
        return;
      }
    }
    found.add(
        "the model has " + expected.size() + " inputs, and the transform makes " + made.size());
  }

  /** The names of the inputs by position, if the package knows them. */
  private static @Nullable List<String> inputs(ModelPackage model) {
    FeatureSchema schema = model.featureSchema().orElse(null);
    if (schema != null) {
      return schema.inputs().stream().map(Feature::name).toList();
    }
    List<FieldSpec> fields = model.signature().map(s -> s.inputs()).orElse(List.of());
    List<String> names = new ArrayList<>();
    for (FieldSpec field : fields) {
      if (!(field instanceof ColumnSpec column) || column.name().isEmpty()) {
        return null;
      }
      names.add(column.name());
    }
    return names.isEmpty() ? null : names;
  }

  private static List<String> schema(ModelPackage model, FeatureSchema known) {
    FeatureSchema packaged = model.featureSchema().orElse(null);
    if (packaged == null) {
      return List.of("the model's package has no feature schema to compare with");
    }
    List<String> found = new ArrayList<>();
    if (!packaged.digest().equals(known.digest())) {
      int before = found.size();
      order(
          known.inputs().stream().map(Feature::name).toList(),
          packaged.inputs().stream().map(Feature::name).toList(),
          found);
      if (found.size() == before) {
        found.add(
            "the feature schema is another one than this program's, though its inputs have the"
                + " same names: types, context or maximum ages differ");
      }
    }
    Optional<String> profiled = profile(model).flatMap(Profile::schemaDigest);
    if (profiled.isPresent() && !profiled.get().equals(packaged.digest())) {
      found.add("the package's profile was made with another feature schema than the package has");
    }
    return found;
  }

  private static Optional<Profile> profile(ModelPackage model) {
    return model.part(Profile.FILE).map(part -> Profile.fromJson(part.bytes()));
  }
}
