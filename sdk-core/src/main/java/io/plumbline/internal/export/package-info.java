/** Runs as documents and tables that leave the SDK: CSV and JSON lines. */
@NullMarked
package io.plumbline.internal.export;

import org.jspecify.annotations.NullMarked;
