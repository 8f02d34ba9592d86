/**
 * Zstandard for the Arrow files of prediction logs, with the native library of zstd-jni. {@link
 * io.plumbline.zstd.Zstandard} is all of it.
 */
@NullMarked
package io.plumbline.zstd;

import org.jspecify.annotations.NullMarked;
