/** Tests with models that Python has made, and with JVMs that load broken ones. */
@NullMarked
package io.plumbline.onnx;

import org.jspecify.annotations.NullMarked;
