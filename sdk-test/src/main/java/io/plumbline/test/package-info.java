/**
 * What the tests of users need: a client that leaves nothing behind, a JUnit extension, assertions.
 */
@NullMarked
package io.plumbline.test;

import org.jspecify.annotations.NullMarked;
