/**
 * The rules of the house, as tests: which module may know which, and what no class of ours may do.
 */
@NullMarked
package io.plumbline.bundle;

import org.jspecify.annotations.NullMarked;
