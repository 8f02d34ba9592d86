/**
 * The entrance of the SDK: the opened {@code Plumbline}, its configuration and secrets, and the
 * exceptions that every module throws.
 */
@NullMarked
package io.plumbline;

import org.jspecify.annotations.NullMarked;
