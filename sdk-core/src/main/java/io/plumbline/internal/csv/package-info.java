/** Splits CSV into rows of bytes and finds out what a cell says; the public readers stand on it. */
@NullMarked
package io.plumbline.internal.csv;

import org.jspecify.annotations.NullMarked;
