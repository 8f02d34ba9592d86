/**
 * What training code calls: a {@link io.plumbline.tracking.TrackingClient} starts runs and reads
 * them back, a {@link io.plumbline.tracking.Tracker} logs into one run.
 */
@NullMarked
package io.plumbline.tracking;

import org.jspecify.annotations.NullMarked;
