/** Tests of how rows are captured. */
@NullMarked
package io.plumbline.serving.internal.capture;

import org.jspecify.annotations.NullMarked;
