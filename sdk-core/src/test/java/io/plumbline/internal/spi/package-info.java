@NullMarked
package io.plumbline.internal.spi;

import org.jspecify.annotations.NullMarked;
