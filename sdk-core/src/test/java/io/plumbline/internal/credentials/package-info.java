@NullMarked
package io.plumbline.internal.credentials;

import org.jspecify.annotations.NullMarked;
