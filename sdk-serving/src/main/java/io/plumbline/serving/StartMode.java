package io.plumbline.serving;

/** What opening a live model waits for. */
public enum StartMode {
  /**
   * For a version that serves, up to the start's timeout. If the registry does not answer, the last
   * version that has proven good is taken from the cache; if it answers that there is no such
   * version, that is thrown at once.
   */
  AWAIT,
  /** For a version that serves; the first failure is thrown, a registry's silence too. */
  FAIL_FAST,
  /** For nothing: the first request waits for a version, up to the start's timeout. */
  LAZY,
  /**
   * For the last version that has proven good, from the cache, without asking the registry first;
   * if there is none, as AWAIT.
   */
  LAST_KNOWN_GOOD
}
