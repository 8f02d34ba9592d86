/** How a registry resolves, fetches, caches and watches; not API. */
@NullMarked
package io.plumbline.registry.internal;

import org.jspecify.annotations.NullMarked;
