/**
 * The journal: a ring that takes records in nanoseconds and outlives the process, one thread that
 * writes them to checksummed segment files, and the recovery of what a dead process left behind.
 * The bytes are described in {@code docs/store-format.md}.
 */
@NullMarked
package io.plumbline.internal.journal;

import org.jspecify.annotations.NullMarked;
