package io.plumbline.internal.store;

/** Is told how far long work on a store is. */
@FunctionalInterface
public interface StoreProgress {
  /** Tells nobody. */
  StoreProgress NONE = (what, done, total) -> {};

  /**
   * Takes the state of the work; called often, so it must be fast.
   *
   * @param what what is being done, for people
   * @param total how much there is to do, in the same unit as {@code done}; 0 if that is unknown
   */
  void at(String what, long done, long total);
}
