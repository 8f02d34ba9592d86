/** How the tracking clients work on the journal; not API. */
@NullMarked
package io.plumbline.tracking.internal;

import org.jspecify.annotations.NullMarked;
