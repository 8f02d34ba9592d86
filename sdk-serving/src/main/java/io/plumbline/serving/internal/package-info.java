/** How models are loaded, checked, leased, swapped and closed; not API. */
@NullMarked
package io.plumbline.serving.internal;

import org.jspecify.annotations.NullMarked;
