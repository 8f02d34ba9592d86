package io.plumbline.model;

/**
 * Something that travels with a model as one file of its package, such as a signature or a
 * reference profile.
 */
public interface ModelDocument {
  /** The document as a part of a package; always under the same name. */
  ModelPart toPart();
}
