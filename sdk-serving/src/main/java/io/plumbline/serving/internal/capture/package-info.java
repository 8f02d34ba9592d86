/**
 * The capture of predictions: rows that threads fill, the ring that they are handed over in, and
 * the one thread that counts and writes them. Not API.
 */
@NullMarked
package io.plumbline.serving.internal.capture;

import org.jspecify.annotations.NullMarked;
