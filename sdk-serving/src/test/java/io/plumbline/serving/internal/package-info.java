/** Tests of what holds a version open. */
@NullMarked
package io.plumbline.serving.internal;

import org.jspecify.annotations.NullMarked;
