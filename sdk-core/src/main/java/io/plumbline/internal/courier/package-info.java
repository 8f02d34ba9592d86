/**
 * Couriers bring what a store's journals have to other backends: one for each destination, in the
 * order in which it was logged, until it is acknowledged.
 */
@NullMarked
package io.plumbline.internal.courier;

import org.jspecify.annotations.NullMarked;
