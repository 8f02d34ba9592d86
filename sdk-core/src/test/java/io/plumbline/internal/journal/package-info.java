@NullMarked
package io.plumbline.internal.journal;

import org.jspecify.annotations.NullMarked;
