/** Tests of the command line, driven in this process. */
@NullMarked
package io.plumbline.cli;

import org.jspecify.annotations.NullMarked;
