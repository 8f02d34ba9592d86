/**
 * The small plumbing that every room of the SDK shares: clocks, sleepers, threads, bounded warnings
 * and safe text. Nothing below {@code internal} is API.
 */
@NullMarked
package io.plumbline.internal;

import org.jspecify.annotations.NullMarked;
