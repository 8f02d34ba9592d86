package io.plumbline.drift;

import io.plumbline.IncompatibleModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether the transform that is to serve a model is the one that the model was trained with. A pure
 * function of the two; whoever loads a model calls it.
 *
 * <pre>{@code
 * TransformCheck.check(
 *         TransformDigest.in(modelPackage), new DelayFeatures(), TransformCheck.Policy.FAIL)
 *     .throwIfFailed();
 * }</pre>
 *
 * @param verdict what follows
 * @param differences how the two differ, as sentences; none for {@link Verdict#OK}
 */
public record TransformCheck(Verdict verdict, List<String> differences) {
  // What the noise of 64-bit arithmetic needs, which libraries of mathematics may round otherwise.
  private static final double TOLERANCE = 1e-9;

  /** What to do when the two differ. */
  public enum Policy {
    /** Warn and serve. */
    WARN,
    /** Do not serve. */
    FAIL
  }

  /** What follows. */
  public enum Verdict {
    /** It is the same transform. */
    OK,
    /** It is another one; the policy is to serve all the same. */
    WARN,
    /** It is another one, and the model must not be served with it. */
    FAIL
  }

  /** Copies the differences. */
  public TransformCheck {
    Objects.requireNonNull(verdict, "verdict");
    differences = List.copyOf(differences);
  }

  /**
   * Compares.
   *
   * @param packaged what came with the model; empty if it has no {@code transform.json}
   * @param code the transform that is to serve
   */
  public static TransformCheck check(
      Optional<TransformDigest> packaged, FeatureTransform<?> code, Policy policy) {
    TransformDigest serving = TransformDigest.of(code);
    List<String> differences =
        packaged
            .map(trained -> differences(trained, serving))
            .orElse(
                List.of(
                    "the model's package has no "
                        + TransformDigest.FILE
                        + ", so nobody knows which transform it was trained with; add"
                        + " TransformDigest.of(transform) when it is packed"));
    Verdict otherwise = policy == Policy.FAIL ? Verdict.FAIL : Verdict.WARN;
    return new TransformCheck(differences.isEmpty() ? Verdict.OK : otherwise, differences);
  }

  /**
   * Refuses a model whose features would be made in another way than in training.
   *
   * @throws IncompatibleModelException if the verdict is {@link Verdict#FAIL}; it names what
   *     differs
   */
  public void throwIfFailed() {
    if (verdict == Verdict.FAIL) {
      throw new IncompatibleModelException(
          "the features would not be made as in training: " + String.join("; ", differences));
    }
  }

  private static List<String> differences(TransformDigest trained, TransformDigest serving) {
    List<String> found = new ArrayList<>();
    add(found, "the transform", trained.id(), serving.id());
    add(found, "its version", trained.version(), serving.version());
    TreeSet<String> keys = new TreeSet<>(trained.config().keySet());
    keys.addAll(serving.config().keySet());
    for (String key : keys) {
      add(
          found,
          "the setting " + Words.quoted(key),
          value(trained.config(), key),
          value(serving.config(), key));
    }
    if (!trained.features().equals(serving.features())) {
      found.add(features(trained.features(), serving.features()));
    } else if (found.isEmpty()) {
      examples(trained, serving, found);
    }
    return found;
  }

  private static void add(List<String> found, String what, String trained, String serving) {
    if (!trained.equals(serving)) {
      found.add(
          what
              + " was "
              + Words.quoted(trained)
              + " in training and is "
              + Words.quoted(serving)
              + " here");
    }
  }

  private static String value(Map<String, String> config, String key) {
    return config.getOrDefault(key, "(not set)");
  }

  private static String features(List<String> trained, List<String> serving) {
    for (int i = 0; i < Math.min(trained.size(), serving.size()); i++) {
      if (!trained.get(i).equals(serving.get(i))) {
        return "feature "
            + i
            + " was "
            + Words.quoted(trained.get(i))
            + " in training and is "
            + Words.quoted(serving.get(i))
            + " here";
      }
    }
    return "there were " + trained.size() + " features in training and " + serving.size() + " here";
  }

  /** The same name, version and settings, and yet other features: the code has changed. */
  private static void examples(
      TransformDigest trained, TransformDigest serving, List<String> found) {
    if (trained.examples().size() != serving.examples().size()) {
      found.add(
          "there were "
              + trained.examples().size()
              + " examples in training and "
              + serving.examples().size()
              + " here; a transform that changes needs a new version");
      return;
    }
    for (int row = 0; row < trained.examples().size(); row++) {
      for (int i = 0; i < trained.features().size(); i++) {
        double was = trained.examples().get(row).get(i);
        double is = serving.examples().get(row).get(i);
        if (!(FeatureSkew.error(was, is) <= TOLERANCE)) {
          found.add(
              "of example "
                  + row
                  + " the feature "
                  + Words.quoted(trained.features().get(i))
                  + " was "
                  + Words.number(was)
                  + " in training and is "
                  + Words.number(is)
                  + " here, though the version is the same: the code has changed");
          return;
        }
      }
    }
  }
}
