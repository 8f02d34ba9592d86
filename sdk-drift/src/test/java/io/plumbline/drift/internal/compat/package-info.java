/** Tests of the compatibility modes against golden vectors of the tools. */
@NullMarked
package io.plumbline.drift.internal.compat;

import org.jspecify.annotations.NullMarked;
