/** Tests of the JSON room. */
@NullMarked
package io.plumbline.internal.json;

import org.jspecify.annotations.NullMarked;
