@NullMarked
package io.plumbline.internal.http;

import org.jspecify.annotations.NullMarked;
