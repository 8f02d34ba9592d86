package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for the tags of runs. */
abstract class TagClauses extends Clauses {
  TagClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName("TAG-1 A tag is set, and set again; the last value counts")
  void set() {
    String run = run();
    apply(run, tag("stage", "first"), tag("team", "ops"));
    apply(run, tag("stage", "second"));
    assertThat(read(run).tags()).containsEntry("stage", "second").containsEntry("team", "ops");
  }

  @Test
  @DisplayName("TAG-2 A deleted tag is gone, and can be set again")
  void delete() {
    String run = run();
    apply(run, tag("stage", "first"), tag("team", "ops"));
    apply(run, new RunUpdate.DeleteTag("stage"));
    assertThat(read(run).tags()).doesNotContainKey("stage").containsEntry("team", "ops");
    apply(run, tag("stage", "again"));
    assertThat(read(run).tags()).containsEntry("stage", "again");
  }

  @Test
  @DisplayName("TAG-3 Deleting a tag that is not there is no error")
  void deleteNothing() {
    String run = run();
    apply(run, tag("team", "ops"));
    apply(run, new RunUpdate.DeleteTag("never"));
    apply(run, new RunUpdate.DeleteTag("never"));
    assertThat(read(run).tags()).containsEntry("team", "ops");
  }

  @Test
  @DisplayName("TAG-4 A value may be empty, long, of many lines, and any text")
  void values() {
    String run = run();
    List<String> values =
        List.of("", " ", "0123456789".repeat(500), "a\nb\r\nc\td", "数据 👩‍🚀 '\"`\\", "null");
    for (int i = 0; i < values.size(); i++) {
      apply(run, tag("t" + i, values.get(i)));
    }
    for (int i = 0; i < values.size(); i++) {
      assertThat(read(run).tags()).containsEntry("t" + i, values.get(i));
    }
  }

  @Test
  @DisplayName("TAG-5 A key may be any text without control characters, and comes back exactly")
  void anyKey() {
    needs(Capability.ANY_TEXT);
    String run = run();
    HOSTILE_TEXTS.forEach(key -> apply(run, tag(key, "of " + key)));
    HOSTILE_TEXTS.forEach(key -> assertThat(read(run).tags()).containsEntry(key, "of " + key));
  }
}
