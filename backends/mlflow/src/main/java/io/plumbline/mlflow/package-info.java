/** The backend for MLflow servers, over their REST interface. */
@NullMarked
package io.plumbline.mlflow;

import org.jspecify.annotations.NullMarked;
