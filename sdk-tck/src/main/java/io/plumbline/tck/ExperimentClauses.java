package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Experiment;
import io.plumbline.spi.Backend.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for experiments. */
abstract class ExperimentClauses extends Clauses {
  ExperimentClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName(
      "EXP-1 A new experiment is found by its name, with its id, tags and moment, not deleted")
  void found() {
    String name = unique("flight delay");
    Experiment made = runs().createExperiment(name, Map.of("team", "ops", "empty", ""));
    assertThat(made.id()).isNotEmpty();
    assertThat(made.created())
        .isBetween(Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(1)));
    assertThat(made.deleted()).isFalse();
    assertThat(made.tags()).containsEntry("team", "ops").containsEntry("empty", "");
    assertThat(runs().findExperiment(name)).contains(made);
  }

  @Test
  @DisplayName("EXP-2 A name that no experiment has finds nothing")
  void notFound() {
    assertThat(runs().findExperiment(unique("nobody"))).isEmpty();
  }

  @Test
  @DisplayName(
      "EXP-3 Making an experiment whose name is taken is a ConflictException that names it")
  void taken() {
    Experiment made = runs().createExperiment(unique("twice"), Map.of("kept", "yes"));
    assertThatThrownBy(() -> runs().createExperiment(made.name(), Map.of()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(made.name());
    assertThat(runs().findExperiment(made.name())).contains(made);
  }

  @Test
  @DisplayName("EXP-4 A deleted experiment is still found, and its name is still taken")
  void deletedIsTaken() {
    Experiment made = experiment();
    runs().setExperimentDeleted(made.id(), true);
    assertThat(runs().findExperiment(made.name())).get().returns(true, Experiment::deleted);
    assertThatThrownBy(() -> runs().createExperiment(made.name(), Map.of()))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  @DisplayName("EXP-5 The list has all experiments, deleted ones too, by name")
  void list() {
    String common = unique("list");
    Experiment b = runs().createExperiment("b " + common, Map.of());
    Experiment a = runs().createExperiment("a " + common, Map.of());
    Experiment c = runs().createExperiment("c " + common, Map.of());
    runs().setExperimentDeleted(b.id(), true);
    List<Experiment> ours =
        runs().experiments().stream().filter(e -> e.name().endsWith(common)).toList();
    assertThat(ours).extracting(Experiment::id).containsExactly(a.id(), b.id(), c.id());
    assertThat(ours).extracting(Experiment::deleted).containsExactly(false, true, false);
  }

  @Test
  @DisplayName("EXP-6 A tag of an experiment is set, and set again; the last value counts")
  void tags() {
    Experiment made = runs().createExperiment(unique("tags"), Map.of("kept", "1"));
    runs().setExperimentTag(made.id(), "team", "ops");
    runs().setExperimentTag(made.id(), "team", "weather");
    assertThat(found(made.name()).tags())
        .containsEntry("kept", "1")
        .containsEntry("team", "weather");
  }

  private Experiment found(String name) {
    return runs()
        .findExperiment(name)
        .orElseThrow(() -> new AssertionError("experiment '" + name + "' is not found"));
  }

  @Test
  @DisplayName(
      "EXP-7 A renamed experiment keeps its id, its tags and its runs, and its old name is free")
  void rename() {
    Experiment made = runs().createExperiment(unique("before"), Map.of("kept", "1"));
    String run = run(made, "of before");
    String after = unique("after");
    runs().renameExperiment(made.id(), after);
    assertThat(found(after).id()).isEqualTo(made.id());
    assertThat(found(after).tags()).containsEntry("kept", "1");
    assertThat(runs().findExperiment(made.name())).isEmpty();
    assertThat(read(run).experimentId()).isEqualTo(made.id());
    Experiment second = runs().createExperiment(made.name(), Map.of());
    assertThat(second.id()).isNotEqualTo(made.id());
  }

  @Test
  @DisplayName("EXP-8 A rename to a name that is taken is a ConflictException")
  void renameToTaken() {
    Experiment first = experiment();
    Experiment second = experiment();
    assertThatThrownBy(() -> runs().renameExperiment(second.id(), first.name()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(first.name());
    assertThat(found(second.name()).id()).isEqualTo(second.id());
  }

  @Test
  @DisplayName("EXP-9 Deleting and restoring an experiment may be repeated")
  void deleteAndRestore() {
    Experiment made = runs().createExperiment(unique("back"), Map.of("kept", "1"));
    runs().setExperimentDeleted(made.id(), true);
    runs().setExperimentDeleted(made.id(), true);
    assertThat(found(made.name()).deleted()).isTrue();
    runs().setExperimentDeleted(made.id(), false);
    runs().setExperimentDeleted(made.id(), false);
    assertThat(runs().findExperiment(made.name())).contains(made);
  }

  @Test
  @DisplayName("EXP-10 An experiment id that does not exist is a NotFoundException")
  void unknownId() {
    String id = "987654321987654321";
    assertThatThrownBy(() -> runs().setExperimentTag(id, "k", "v"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().renameExperiment(id, unique("new")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().setExperimentDeleted(id, true))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("EXP-11 A name and a tag may be any text, and come back exactly")
  void anyText() {
    needs(Capability.ANY_TEXT);
    for (String text : HOSTILE_TEXTS) {
      String name = text + newId();
      Experiment made = runs().createExperiment(name, Map.of(text, text));
      assertThat(runs().findExperiment(name)).as("experiment '%s'", name).contains(made);
      assertThat(found(name).tags()).containsEntry(text, text);
    }
  }
}
