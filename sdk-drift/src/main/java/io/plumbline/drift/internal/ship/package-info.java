/** Ships the closed parts of a prediction log. Nothing here is API. */
@NullMarked
package io.plumbline.drift.internal.ship;

import org.jspecify.annotations.NullMarked;
