/**
 * The command line: each command looks into a store or changes one, and exits with a code for
 * scripts.
 */
@NullMarked
package io.plumbline.cli;

import org.jspecify.annotations.NullMarked;
