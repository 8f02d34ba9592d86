package io.plumbline.model;

import java.util.Objects;

/**
 * A field whose type (array, object, map, any) MLflow has and Plumbline has no word for; it is kept
 * as it was read, so that nothing is lost.
 *
 * @param name the name; empty if it has none
 * @param required whether every call has it
 * @param json the whole field as MLflow's JSON
 */
public record OtherSpec(String name, boolean required, String json) implements FieldSpec {
  /** Checks that nothing is null. */
  public OtherSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(json, "json");
  }
}
