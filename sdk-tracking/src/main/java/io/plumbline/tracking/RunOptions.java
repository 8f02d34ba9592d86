package io.plumbline.tracking;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run is started with, all of it optional. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * RunOptions.named("gbm").group("search").tag("team", "ops").note("first try with weather")
 * }</pre>
 */
public final class RunOptions {
  private static final RunOptions NONE = new RunOptions(null, null, null, null, Map.of());

  private final @Nullable String name;
  private final @Nullable String group;
  private final @Nullable String note;
  private final @Nullable String parentId;
  private final Map<String, String> tags;

  private RunOptions(
      @Nullable String name,
      @Nullable String group,
      @Nullable String note,
      @Nullable String parentId,
      Map<String, String> tags) {
    this.name = name;
    this.group = group;
    this.note = note;
    this.parentId = parentId;
    this.tags = tags;
  }

  /** Returns options with nothing set: the run gets a name of its own. */
  public static RunOptions none() {
    return NONE;
  }

  /** Returns options with a name. */
  public static RunOptions named(String name) {
    return NONE.name(name);
  }

  /** Sets the name; names need not be unique. */
  public RunOptions name(String name) {
    return new RunOptions(Objects.requireNonNull(name, "name"), group, note, parentId, tags);
  }

  /** Puts the run in a group, such as the folds of one cross-validation. */
  public RunOptions group(String group) {
    return new RunOptions(name, Objects.requireNonNull(group, "group"), note, parentId, tags);
  }

  /** Sets the note that people read beside the run. */
  public RunOptions note(String note) {
    return new RunOptions(name, group, Objects.requireNonNull(note, "note"), parentId, tags);
  }

  /** Makes the run a child of that run. */
  public RunOptions parent(String runId) {
    return new RunOptions(name, group, note, Objects.requireNonNull(runId, "runId"), tags);
  }

  /** Adds a tag. */
  public RunOptions tag(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return new RunOptions(name, group, note, parentId, more);
  }

  /** Returns the name, if one was set. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Returns the group, if one was set. */
  public Optional<String> group() {
    return Optional.ofNullable(group);
  }

  /** Returns the note, if one was set. */
  public Optional<String> note() {
    return Optional.ofNullable(note);
  }

  /** Returns the parent's id, if one was set. */
  public Optional<String> parent() {
    return Optional.ofNullable(parentId);
  }

  /** Returns the tags, without those that stand for the fields above. */
  public Map<String, String> tags() {
    return Map.copyOf(tags);
  }
}
