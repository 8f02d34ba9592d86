package io.plumbline.internal.courier;

import org.jspecify.annotations.Nullable;

/**
 * What the run is called over there.
 *
 * @param id its id; null if it was not made yet
 * @param experiment the id of its experiment; null if that is not known yet
 * @param adopted whether somebody else has made it, whose it stays
 * @param address where it is; null if it was not made yet
 * @param made when this was known first, in epoch milliseconds, which tells it from a run of the
 *     same id at another address; 0 if it was not made yet
 * @param gone why nothing more is delivered; null if it is
 */
record Remote(
    @Nullable String id,
    @Nullable String experiment,
    boolean adopted,
    @Nullable String address,
    long made,
    @Nullable String gone) {
  static final Remote UNKNOWN = new Remote(null, null, false, null, 0, null);

  /** Returns whether it was made at another address than this one. */
  boolean hasMoved(String uri) {
    return address != null && !address.equals(uri);
  }

  /** Returns the same of which nothing more is delivered; or, for null, all again. */
  Remote gone(@Nullable String why) {
    return new Remote(id, experiment, adopted, address, made, why);
  }
}
