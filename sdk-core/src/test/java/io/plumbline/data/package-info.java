/** Tests of the CSV readers. */
@NullMarked
package io.plumbline.data;

import org.jspecify.annotations.NullMarked;
