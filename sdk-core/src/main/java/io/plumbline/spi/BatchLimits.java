package io.plumbline.spi;

/**
 * How much a backend takes in one {@link RunStore#apply}.
 *
 * @param metrics the most points
 * @param params the most params
 * @param tags the most tags
 * @param updates the most updates of all kinds
 */
public record BatchLimits(int metrics, int params, int tags, int updates) {
  /** Batches that any backend should take. */
  public static final BatchLimits COMMON = new BatchLimits(1_000, 100, 100, 1_000);

  /** Checks that each is at least 1. */
  public BatchLimits {
    if (metrics < 1 || params < 1 || tags < 1 || updates < 1) {
      throw new IllegalArgumentException("a batch that takes nothing brings nothing");
    }
  }
}
