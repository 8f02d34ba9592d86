/**
 * Where settings come from: the one table of keys ({@link io.plumbline.internal.config.Keys}), the
 * types of their values, the layers that are asked for them, and what {@code Config} then holds.
 */
@NullMarked
package io.plumbline.internal.config;

import org.jspecify.annotations.NullMarked;
