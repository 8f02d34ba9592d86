/** Tests with real boosters on a small table, and with JVMs that cannot load the library. */
@NullMarked
package io.plumbline.lightgbm;

import org.jspecify.annotations.NullMarked;
