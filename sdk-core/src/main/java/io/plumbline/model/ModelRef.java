package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.util.Objects;

/**
 * Says which model is meant: by version, alias, stage, as the latest, by its id, by the run that
 * logged it, or by its digest. The grammar is MLflow's, and digests besides:
 *
 * <pre>
 * models:/flight-delay/3                 the version
 * models:/flight-delay@champion          the version that an alias points to
 * models:/flight-delay/Production        the version in a stage of the old kind
 * models:/flight-delay/latest            the newest version
 * models:/flight-delay@sha256:1f8a...    the version with that content
 * models:/m-0123...                      a logged model by its id
 * runs:/4f2b.../model                    the model that a run has logged under that name
 * </pre>
 */
public sealed interface ModelRef {
  /** A version by its number, from 1. */
  record ByVersion(String name, int version) implements ModelRef {
    /** Checks the parts. */
    public ByVersion {
      ModelNames.model(name);
      if (version < 1) {
        throw new IllegalArgumentException("a version is a number from 1, not " + version);
      }
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + name + "/" + version;
    }
  }

  /** The version that an alias points to. */
  record ByAlias(String name, String alias) implements ModelRef {
    /** Checks the parts. */
    public ByAlias {
      ModelNames.model(name);
      ModelNames.alias(alias);
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + name + "@" + alias;
    }
  }

  /** The version in a stage of the old kind. */
  record ByStage(String name, Stage stage) implements ModelRef {
    /** Checks the parts. */
    public ByStage {
      ModelNames.model(name);
      Objects.requireNonNull(stage, "stage");
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + name + "/" + stage.label();
    }
  }

  /** The newest version that is neither deleted nor quarantined. */
  record Latest(String name) implements ModelRef {
    /** Checks the name. */
    public Latest {
      ModelNames.model(name);
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + name + "/latest";
    }
  }

  /** The newest version with that content; 64 lower-case hex digits. */
  record ByDigest(String name, String digest) implements ModelRef {
    /** Checks the parts. */
    public ByDigest {
      ModelNames.model(name);
      if (!ModelRefParser.DIGEST.matcher(digest).matches()) {
        throw new IllegalArgumentException(
            "the digest " + Printable.quote(digest) + " is not 64 lower-case hex digits");
      }
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + name + "@" + ModelRefParser.SHA256 + digest;
    }
  }

  /** A logged model by its id, registered or not. */
  record ById(String modelId) implements ModelRef {
    /** Checks the id. */
    public ById {
      ModelNames.modelId(modelId);
    }

    @Override
    public String toString() {
      return ModelRefParser.SCHEME + modelId;
    }
  }

  /** The model that a run has logged under a name, registered or not. */
  record ByRun(String runId, String name) implements ModelRef {
    /** Checks the parts. */
    public ByRun {
      ModelNames.run(runId);
      if (name.isEmpty()) {
        throw new IllegalArgumentException("the name of the run's model is empty");
      }
    }

    @Override
    public String toString() {
      return ModelRefParser.RUNS + runId + "/" + name;
    }
  }

  /**
   * Reads a reference. {@code models:/} may be left out.
   *
   * @throws IllegalArgumentException if it is none; the message says what was expected
   */
  static ModelRef parse(String text) {
    return ModelRefParser.parse(Objects.requireNonNull(text, "text"));
  }

  /** Returns the reference to a version. */
  static ModelRef version(String name, int version) {
    return new ByVersion(name, version);
  }

  /** Returns the reference to what an alias points to. */
  static ModelRef alias(String name, String alias) {
    return new ByAlias(name, alias);
  }
}
