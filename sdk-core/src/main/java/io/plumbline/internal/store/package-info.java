/**
 * The embedded store: what the journal's files mean. Runs are read back by merging what their
 * writers wrote, artifacts and models are content-addressed blobs, experiments are numbered files.
 * The bytes are described in {@code docs/store-format.md}.
 */
@NullMarked
package io.plumbline.internal.store;

import org.jspecify.annotations.NullMarked;
