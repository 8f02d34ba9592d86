/**
 * Registers models under a name, moves aliases, and turns a reference such as {@code
 * models:/flight-delay@champion} into a verified folder: a {@link
 * io.plumbline.registry.ModelRegistry} does it all.
 */
@NullMarked
package io.plumbline.registry;

import org.jspecify.annotations.NullMarked;
