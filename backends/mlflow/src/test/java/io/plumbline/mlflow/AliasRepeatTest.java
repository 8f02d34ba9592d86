package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Retrying;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A change of an alias whose exchanges with the server break off")
class AliasRepeatTest {
  private static final MlflowServer SERVER = MlflowServer.shared();

  /** It is a stage's name too, so that there is one request more. */
  private static final String ALIAS = "production";

  /** More requests than a change takes. */
  private static final int MOST = 20;

  private final Breaking breaking = new Breaking();
  private final MlflowBackend backend = breaking.open(SERVER.root());
  private final ModelStore models = backend.models();
  private final ModelStore patient = Retrying.of(ModelStore.class, models, 3, nanos -> {});
  private String name = "";

  @BeforeEach
  void register() {
    name = "repeated-" + UUID.randomUUID();
    for (int i = 0; i < 2; i++) {
      models.createVersion(
          new NewVersion(
              UUID.randomUUID().toString(),
              name,
              new NewVersion.Source.Packed(ModelPackage.of("rules", Map.of("n", "" + i))),
              Lineage.UNKNOWN,
              "tester",
              "",
              Map.of()));
    }
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private NewAlias to(@Nullable Integer version, @Nullable Integer expected) {
    AliasChange.Kind kind = version == null ? AliasChange.Kind.DELETE : AliasChange.Kind.SET;
    NewAlias.Expected now = new NewAlias.Expected(expected);
    return new NewAlias(name, ALIAS, version, now, kind, "tester", "because");
  }

  private @Nullable Integer target() {
    return models.findByAlias(name, ALIAS).map(ModelVersion::version).orElse(null);
  }

  @ParameterizedTest
  @EnumSource(Breaking.How.class)
  @DisplayName("is repeated as one change, whatever was lost, and has one entry in the history")
  void repeated(Breaking.How how) {
    int entries = 0;
    for (int request = 1; request <= MOST; request++) {
      List<NewAlias> changes = List.of(to(1, null), to(2, 1), to(null, 2));
      boolean broken = false;
      for (NewAlias change : changes) {
        breaking.at(request, how);
        AliasChange made = patient.changeAlias(change);
        broken |= breaking.happened();
        assertThat(target()).isEqualTo(change.version());
        entries++;
        assertThat(models.aliasHistory(name, ALIAS)).hasSize(entries).first().isEqualTo(made);
      }
      if (!broken) {
        assertThat(request).as("how many requests a change takes, and one").isBetween(5, 10);
        return;
      }
    }
    throw new AssertionError("a change takes more than " + MOST + " requests");
  }

  @ParameterizedTest
  @EnumSource(Breaking.How.class)
  @DisplayName("has happened with its entry or not at all, if nobody repeats it")
  void notRepeated(Breaking.How how) {
    models.changeAlias(to(1, null));
    int entries = 1;
    for (int request = 1; request <= MOST; request++) {
      Integer now = target();
      int other = now != null && now == 1 ? 2 : 1;
      breaking.at(request, how);
      try {
        models.changeAlias(to(other, now));
      } catch (TransportException | ServerException e) {
        // As if the process had died there.
      }
      if (!breaking.happened()) {
        return;
      }
      List<AliasChange> history = models.aliasHistory(name, ALIAS);
      assertThat(history.get(0).version()).as("%s", history).isEqualTo(target());
      entries += Objects.equals(target(), other) ? 1 : 0;
      assertThat(history).hasSize(entries);
    }
  }

  @Test
  @DisplayName("that somebody else has overtaken stays in the history, and does not move it back")
  void overtaken() {
    models.changeAlias(to(1, null));
    breaking.at(3, Breaking.How.LOST_ANSWER);
    NewAlias mine = to(2, 1);
    assertThatThrownBy(() -> models.changeAlias(mine)).isInstanceOf(TransportException.class);
    assertThat(target()).isEqualTo(2);
    models.changeAlias(to(1, 2));
    assertThat(models.changeAlias(mine).previous()).isEqualTo(1);
    assertThat(target()).isEqualTo(1);
    assertThat(models.aliasHistory(name, ALIAS))
        .extracting(AliasChange::version)
        .containsExactly(1, 2, 1);
  }

  @Test
  @DisplayName("that was not made before somebody else's is refused, and leaves no entry")
  void refused() {
    models.changeAlias(to(1, null));
    breaking.at(3, Breaking.How.LOST_REQUEST);
    NewAlias mine = to(2, 1);
    assertThatThrownBy(() -> models.changeAlias(mine)).isInstanceOf(TransportException.class);
    models.changeAlias(to(null, 1));
    assertThatThrownBy(() -> models.changeAlias(mine))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> models.changeAlias(to(7, null)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("version 7");
    assertThat(models.aliasHistory(name, ALIAS)).hasSize(2);
    assertThat(models.findModel(name).orElseThrow().tags()).isEmpty();
  }
}
