/** Tests of the prediction log: formats, other readers, crashes, damage and errors of the disk. */
@NullMarked
package io.plumbline.drift.log;

import org.jspecify.annotations.NullMarked;
