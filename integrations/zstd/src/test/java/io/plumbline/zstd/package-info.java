@NullMarked
package io.plumbline.zstd;

import org.jspecify.annotations.NullMarked;
