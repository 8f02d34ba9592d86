/**
 * Tests with real boosters on small tables, and with JVMs that cannot load the library, load
 * damaged models, or have another locale.
 */
@NullMarked
package io.plumbline.lightgbm;

import org.jspecify.annotations.NullMarked;
