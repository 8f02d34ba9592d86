/**
 * Reads tables from CSV files, plain or gzipped: for datasets, samples and users' training code.
 */
@NullMarked
package io.plumbline.data;

import org.jspecify.annotations.NullMarked;
