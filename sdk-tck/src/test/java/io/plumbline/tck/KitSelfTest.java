package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.plumbline.spi.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@DisplayName("The kit sees that a backend is broken")
class KitSelfTest {
  /** What the kits below are run with. */
  private static final String FLAW = "plumbline.kit.flaw";

  private static Events run(Class<?> kit, Class<?> group, String flaw) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(FLAW, flaw)
        .selectors(selectNestedClass(List.of(kit), group))
        .execute()
        .testEvents();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(BrokenBackend.Flaw.class)
  @DisplayName("A backend with one flaw fails the group of clauses that is about it")
  void broken(BrokenBackend.Flaw flaw) {
    Events events = run(BrokenKit.class, flaw.group(), flaw.name());
    assertThat(events.failed().count()).as("failures of %s", flaw).isPositive();
  }

  @Test
  @DisplayName(
      "A clause that a backend is known not to keep is aborted with the reason, and no other one")
  void exempt() {
    Events events = run(ExemptKit.class, BackendKit.Tags.class, "none");
    assertThat(events.aborted().count()).isEqualTo(1);
    assertThat(events.succeeded().count()).isPositive();
    assertThat(events.failed().count()).isZero();
    assertThat(
            events.aborted().stream()
                .map(
                    event ->
                        event.getRequiredPayload(
                            org.junit.platform.engine.TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow().getMessage()))
        .singleElement()
        .asString()
        .contains("TAG-2", "this store can't delete tags");
  }

  @Test
  @DisplayName("An exemption from a clause that does not exist fails every test")
  void unknownExemption() {
    Events events = run(MisspeltKit.class, BackendKit.Tags.class, "none");
    assertThat(events.succeeded().count()).isZero();
    assertThat(events.failed().count()).isPositive();
  }

  @Test
  @DisplayName(
      "The skeleton of the documentation passes the clauses on params and batches that it has come to")
  void skeleton() {
    Events events = run(SkeletonKit.class, BackendKit.Params.class, "none");
    assertThat(events.succeeded().count()).isGreaterThanOrEqualTo(7);
    assertThat(
            events.failed().stream()
                .map(event -> Clauses.id(event.getTestDescriptor().getDisplayName())))
        .containsExactly("PAR-6");
  }

  /** Runs only inside the engine that the tests above start. */
  static final class OnlyInside implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context.getConfigurationParameter(FLAW).isPresent()
          ? ConditionEvaluationResult.enabled("run by the self-test")
          : ConditionEvaluationResult.disabled("only for the self-test");
    }
  }

  /** Hands the flaw to the kit. */
  static final class FlawOf implements org.junit.jupiter.api.extension.BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      BrokenKit kit =
          context.getRequiredTestInstances().findInstance(BrokenKit.class).orElseThrow();
      String flaw = context.getConfigurationParameter(FLAW).orElseThrow();
      kit.flaw = BrokenBackend.Flaw.valueOf(flaw);
    }
  }

  @ExtendWith({OnlyInside.class, FlawOf.class})
  static class BrokenKit extends BackendKit {
    private BrokenBackend.Flaw flaw = BrokenBackend.Flaw.FORGETS_LAST_METRIC;

    @Override
    protected Backend open(Path place) {
      return new BrokenBackend(flaw, place);
    }

    @Override
    protected Map<String, String> exemptions() {
      return Map.of("MET-9", "it takes long, and smaller tests see the same flaws");
    }
  }

  @ExtendWith(OnlyInside.class)
  static class ExemptKit extends EmbeddedBackendTest {
    @Override
    protected Map<String, String> exemptions() {
      return Map.of("TAG-2", "this store can't delete tags");
    }
  }

  @ExtendWith(OnlyInside.class)
  static class MisspeltKit extends EmbeddedBackendTest {
    @Override
    protected Map<String, String> exemptions() {
      return Map.of("TGA-2", "a slip of the pen");
    }
  }

  @ExtendWith(OnlyInside.class)
  static class SkeletonKit extends BackendKit {
    @Override
    protected Backend open(Path place) {
      return new SkeletonBackend();
    }
  }
}
