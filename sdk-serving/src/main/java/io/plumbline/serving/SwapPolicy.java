package io.plumbline.serving;

/** In which order versions are exchanged. */
public enum SwapPolicy {
  /** The new version is loaded beside the old one: no request waits, two models need memory. */
  AVAILABILITY,
  /**
   * The old version is closed before the new one is loaded: one model needs memory, and requests
   * wait meanwhile. If the new one fails its checks, the old one is loaded again.
   */
  RESOURCE
}
