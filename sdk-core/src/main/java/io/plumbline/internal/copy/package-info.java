/** Copies what another backend keeps into a store. */
@NullMarked
package io.plumbline.internal.copy;

import org.jspecify.annotations.NullMarked;
