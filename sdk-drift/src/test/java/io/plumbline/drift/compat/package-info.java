/** Tests of the compatibility modes through their API. */
@NullMarked
package io.plumbline.drift.compat;

import org.jspecify.annotations.NullMarked;
