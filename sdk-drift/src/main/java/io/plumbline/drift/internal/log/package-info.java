/** The folders and files of a prediction log. Nothing here is API. */
@NullMarked
package io.plumbline.drift.internal.log;

import org.jspecify.annotations.NullMarked;
