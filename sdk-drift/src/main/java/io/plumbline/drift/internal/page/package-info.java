/**
 * The page toolkit: what Plumbline's HTML pages are made of. A page is one file that asks nothing
 * of the network; text from outside can become neither a tag nor a script in it. Nothing here is
 * API.
 */
@NullMarked
package io.plumbline.drift.internal.page;

import org.jspecify.annotations.NullMarked;
