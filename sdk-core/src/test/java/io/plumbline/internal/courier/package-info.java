@NullMarked
package io.plumbline.internal.courier;

import org.jspecify.annotations.NullMarked;
