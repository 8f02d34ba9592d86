/**
 * Reads and writes JSON with jackson-core's streaming parser and a writer of our own, into plain
 * maps, lists and values.
 *
 * <p>Reading is strict, because what is read may come from a server or a stranger's disk; see
 * {@link io.plumbline.internal.json.Json} for the limits.
 */
@NullMarked
package io.plumbline.internal.json;

import org.jspecify.annotations.NullMarked;
