@NullMarked
package io.plumbline.mlflow;

import org.jspecify.annotations.NullMarked;
