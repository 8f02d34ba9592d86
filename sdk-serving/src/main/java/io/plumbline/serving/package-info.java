/**
 * What serving code calls: a {@link io.plumbline.serving.LiveModel} follows a reference such as an
 * alias, and predicts with the version that it points to, whatever is swapped meanwhile.
 */
@NullMarked
package io.plumbline.serving;

import org.jspecify.annotations.NullMarked;
