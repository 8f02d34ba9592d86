package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.spi.Backend;
import io.plumbline.spi.Backend.Capability;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * The tests that every backend passes: extend it, say how to open the backend, and run it.
 *
 * <pre>{@code
 * class MyBackendTest extends BackendKit {
 *   @Override
 *   protected Backend open(Path place) {
 *     return new MyBackend(place);
 *   }
 * }
 * }</pre>
 *
 * <p>Each test stands for one clause of the contract, whose id begins its display name; {@code
 * docs/writing-a-backend.md} lists them. The tests of what a backend lacks, by {@link
 * Backend#capabilities()} or by {@link #exemptions()}, are aborted with the reason.
 */
public abstract class BackendKit {
  /** For subclasses. */
  protected BackendKit() {}

  /**
   * Opens the backend.
   *
   * <p>Called with the same place again, it opens a further instance on the same data, while the
   * first is open or after it. Tests never share a place, and give their experiments unique names:
   * a server need not be emptied between two tests.
   *
   * @param place an empty folder of the test, which is removed after it; a backend that needs no
   *     folder takes it as a name
   */
  protected abstract Backend open(Path place);

  /**
   * Returns the clauses that this backend is known not to keep, by id, with the reason, which the
   * test report then shows. None by default; a backend that people are to rely on has none.
   */
  protected Map<String, String> exemptions() {
    return Map.of();
  }

  /** Ends a test that is not for this backend. */
  final void assumeKept(String displayName) {
    Map<String, String> exemptions = exemptions();
    assertThat(Clauses.ids())
        .as("the clauses, of which exemptions() names some")
        .containsAll(exemptions.keySet());
    String id = Clauses.id(displayName);
    String reason = exemptions.get(id);
    assumeTrue(reason == null, () -> id + " is not kept by this backend: " + reason);
  }

  /** Ends a test that needs what the backend lacks. */
  static void assumeCapable(Backend backend, Capability capability) {
    assumeTrue(
        backend.capabilities().contains(capability),
        () -> "this backend lacks the capability " + capability);
  }

  @Nested
  @DisplayName("Experiments")
  class Experiments extends ExperimentClauses {
    Experiments() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Runs, from start to end")
  class Runs extends RunClauses {
    Runs() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Params, which are written once")
  class Params extends ParamClauses {
    Params() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Metrics")
  class Metrics extends MetricClauses {
    Metrics() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Tags")
  class Tags extends TagClauses {
    Tags() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Dataset inputs")
  class Inputs extends InputClauses {
    Inputs() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Artifacts")
  class Artifacts extends ArtifactClauses {
    Artifacts() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Models")
  class Models extends ModelClauses {
    Models() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Registered models and their versions")
  class Registry extends RegistryClauses {
    Registry() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Aliases")
  class Aliases extends AliasClauses {
    Aliases() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Search")
  class Search extends SearchClauses {
    Search() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Deleting, restoring and erasing")
  class Deletion extends DeletionClauses {
    Deletion() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Batches that come again")
  class Batches extends BatchClauses {
    Batches() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Several instances, and their end")
  class Instances extends InstanceClauses {
    Instances() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Many threads")
  class Concurrency extends ThreadClauses {
    Concurrency() {
      super(BackendKit.this);
    }
  }

  @Nested
  @DisplayName("Random sequences of operations")
  class Sequences extends SequenceClauses {
    Sequences() {
      super(BackendKit.this);
    }
  }
}
