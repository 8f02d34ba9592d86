@NullMarked
package io.plumbline.drift.internal.page;

import org.jspecify.annotations.NullMarked;
