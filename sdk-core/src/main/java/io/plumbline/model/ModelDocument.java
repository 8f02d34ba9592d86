package io.plumbline.model;

/**
 * Something that travels with a model as one file of its package, such as a signature or a
 * reference profile.
 */
public interface ModelDocument {
  /** The document as a part of a package; always under the same name. */
  ModelPart toPart();

  /**
   * Refuses a signature that this document contradicts. A package asks when it has both, whichever
   * came first; what says nothing of inputs has nothing to refuse.
   *
   * @throws IllegalArgumentException if it contradicts it; the message names the column, what the
   *     signature says of it, and the remedy
   */
  default void requireFits(Signature signature) {}
}
