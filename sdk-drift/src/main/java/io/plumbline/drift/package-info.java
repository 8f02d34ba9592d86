/** What judges a model: evaluations whose figures name their formula. */
@NullMarked
package io.plumbline.drift;

import org.jspecify.annotations.NullMarked;
