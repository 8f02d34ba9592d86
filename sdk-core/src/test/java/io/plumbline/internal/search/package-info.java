/** Tests of the search grammar. */
@NullMarked
package io.plumbline.internal.search;

import org.jspecify.annotations.NullMarked;
