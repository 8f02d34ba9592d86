/** Tests of the digests. */
@NullMarked
package io.plumbline.internal.digest;

import org.jspecify.annotations.NullMarked;
