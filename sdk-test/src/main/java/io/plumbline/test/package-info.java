/** What users' own tests need: clients in memory, a JUnit extension and assertions. */
@NullMarked
package io.plumbline.test;

import org.jspecify.annotations.NullMarked;
