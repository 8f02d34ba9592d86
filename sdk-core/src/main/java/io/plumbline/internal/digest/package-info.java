/** Digests of contents: SHA-256 of files, and the root digest of several files together. */
@NullMarked
package io.plumbline.internal.digest;

import org.jspecify.annotations.NullMarked;
