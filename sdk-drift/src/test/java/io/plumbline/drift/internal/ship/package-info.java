@NullMarked
package io.plumbline.drift.internal.ship;

import org.jspecify.annotations.NullMarked;
