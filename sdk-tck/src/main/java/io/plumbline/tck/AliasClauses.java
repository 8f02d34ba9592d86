package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for aliases. */
abstract class AliasClauses extends Clauses {
  private static final String ALIAS = "champion";

  private String name = "";

  AliasClauses(BackendKit kit) {
    super(kit);
  }

  @BeforeEach
  void register() {
    needs(Capability.REGISTRY);
    name = RegistryClauses.name();
    for (int i = 0; i < 3; i++) {
      RegistryClauses.register(models(), name);
    }
  }

  private ModelStore models() {
    return backend().models();
  }

  private AliasChange set(
      ModelStore models, @Nullable Integer version, NewAlias.@Nullable Expected expected) {
    AliasChange.Kind kind = version == null ? AliasChange.Kind.DELETE : AliasChange.Kind.SET;
    return models.changeAlias(
        new NewAlias(name, ALIAS, version, expected, kind, "tester", "because"));
  }

  private static NewAlias.Expected expected(@Nullable Integer version) {
    return new NewAlias.Expected(version);
  }

  @Test
  @DisplayName("ALI-1 An alias that is set resolves to its version, in every instance")
  void resolves() {
    set(models(), 2, null);
    ModelStore other = another().models();
    assertThat(other.findByAlias(name, ALIAS).orElseThrow().version()).isEqualTo(2);
    assertThat(other.findModel(name).orElseThrow().aliases()).containsEntry(ALIAS, 2);
    assertThat(other.findVersion(name, 2).orElseThrow().aliases()).containsExactly(ALIAS);
    assertThat(other.findVersion(name, 1).orElseThrow().aliases()).isEmpty();
  }

  @Test
  @DisplayName("ALI-2 A moved alias resolves to the new version at once")
  void moves() {
    set(models(), 1, null);
    assertThat(set(models(), 3, null).previous()).isEqualTo(1);
    assertThat(models().findByAlias(name, ALIAS).orElseThrow().version()).isEqualTo(3);
  }

  @Test
  @DisplayName("ALI-3 A deleted alias resolves to nothing, and can be set again")
  void deleted() {
    set(models(), 1, null);
    set(models(), null, null);
    assertThat(models().findByAlias(name, ALIAS)).isEmpty();
    assertThat(models().findModel(name).orElseThrow().aliases()).isEmpty();
    assertThatThrownBy(() -> set(models(), null, null)).isInstanceOf(NotFoundException.class);
    set(models(), 2, null);
    assertThat(models().findByAlias(name, ALIAS).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  @DisplayName("ALI-4 An alias never points to a version that does not exist")
  void unknown() {
    set(models(), 1, null);
    assertThatThrownBy(() -> set(models(), 4, null))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("version 4");
    assertThat(models().findByAlias(name, ALIAS).orElseThrow().version()).isEqualTo(1);
    assertThat(models().findByAlias(name, "challenger")).isEmpty();
    assertThat(models().findByAlias(RegistryClauses.name(), ALIAS)).isEmpty();
  }

  @Test
  @DisplayName("ALI-5 A change that expects another version is a ConflictException that names both")
  void expectation() {
    needs(Capability.ALIAS_COMPARE_AND_SET);
    set(models(), 1, expected(null));
    set(models(), 2, expected(1));
    assertThatThrownBy(() -> set(models(), 3, expected(1)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("version 1");
    assertThatThrownBy(() -> set(models(), 3, expected(null)))
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> set(models(), null, expected(1)))
        .isInstanceOf(ConflictException.class);
    assertThat(models().findByAlias(name, ALIAS).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  @DisplayName("ALI-6 Of many that move an alias from one version, exactly one succeeds")
  void race() {
    needs(Capability.ALIAS_COMPARE_AND_SET);
    ModelStore one = models();
    ModelStore two = another().models();
    set(one, 1, null);
    for (int round = 0; round < 10; round++) {
      int from = one.findByAlias(name, ALIAS).map(ModelVersion::version).orElseThrow();
      int to = from % 3 + 1;
      AtomicInteger won = new AtomicInteger();
      assertThat(
              Threads.together(
                  4,
                  thread -> {
                    try {
                      set(thread % 2 == 0 ? one : two, to, expected(from));
                      won.incrementAndGet();
                    } catch (ConflictException e) {
                      // somebody else has won
                    }
                  }))
          .isEmpty();
      assertThat(won.get()).isEqualTo(1);
    }
    if (backend().capabilities().contains(Capability.ALIAS_HISTORY)) {
      assertThat(one.aliasHistory(name, ALIAS)).hasSize(11);
    }
  }

  @Test
  @DisplayName("ALI-7 The history has every change: what, from what, who and why, the newest first")
  void history() {
    needs(Capability.ALIAS_HISTORY);
    set(models(), 1, null);
    set(models(), 2, null);
    models()
        .changeAlias(
            new NewAlias(name, ALIAS, 1, null, AliasChange.Kind.ROLLBACK, "on-call", "latency"));
    set(models(), null, null);
    reopen();
    List<AliasChange> history = models().aliasHistory(name, ALIAS);
    assertThat(history)
        .extracting(AliasChange::kind)
        .containsExactly(
            AliasChange.Kind.DELETE,
            AliasChange.Kind.ROLLBACK,
            AliasChange.Kind.SET,
            AliasChange.Kind.SET);
    assertThat(history).extracting(AliasChange::version).containsExactly(null, 1, 2, 1);
    assertThat(history).extracting(AliasChange::previous).containsExactly(1, 2, 1, null);
    assertThat(history.get(1).user()).isEqualTo("on-call");
    assertThat(history.get(1).reason()).isEqualTo("latency");
    assertThat(models().aliasHistory(name, "never")).isEmpty();
  }

  @Test
  @DisplayName("ALI-8 Aliases whose names differ in case are two")
  void upperAndLowerCase() {
    needs(Capability.ANY_TEXT);
    set(models(), 1, null);
    models()
        .changeAlias(new NewAlias(name, "Champion", 2, null, AliasChange.Kind.SET, "tester", ""));
    assertThat(models().findByAlias(name, "champion").orElseThrow().version()).isEqualTo(1);
    assertThat(models().findByAlias(name, "Champion").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  @DisplayName("ALI-9 A change that comes again with its key is made once, whatever came after it")
  void repeated() {
    needs(Capability.ALIAS_HISTORY);
    set(models(), 1, null);
    NewAlias move =
        new NewAlias(name, ALIAS, 2, expected(1), AliasChange.Kind.SET, "tester", "because");
    AliasChange moved = models().changeAlias(move);
    assertThat(another().models().changeAlias(move)).isEqualTo(moved);
    NewAlias deletion =
        new NewAlias(name, ALIAS, null, null, AliasChange.Kind.DELETE, "tester", "because");
    AliasChange deleted = models().changeAlias(deletion);
    assertThat(models().changeAlias(deletion)).isEqualTo(deleted);
    assertThat(models().changeAlias(move)).isEqualTo(moved);
    assertThat(models().findByAlias(name, ALIAS)).isEmpty();
    assertThat(models().aliasHistory(name, ALIAS)).hasSize(3);
  }
}
