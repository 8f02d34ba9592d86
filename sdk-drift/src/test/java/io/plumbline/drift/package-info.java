/** Tests of evaluations: golden vectors, properties, edge cases and pictures. */
@NullMarked
package io.plumbline.drift;

import org.jspecify.annotations.NullMarked;
