/** Tests of the folders and files of a prediction log. */
@NullMarked
package io.plumbline.drift.internal.log;

import org.jspecify.annotations.NullMarked;
