/** Tests of the embedded store's rooms. */
@NullMarked
package io.plumbline.internal.store;

import org.jspecify.annotations.NullMarked;
