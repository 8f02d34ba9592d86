/** Tests of the words. */
@NullMarked
package io.plumbline.model;

import org.jspecify.annotations.NullMarked;
