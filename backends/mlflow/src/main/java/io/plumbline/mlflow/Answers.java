package io.plumbline.mlflow;

import io.plumbline.ServerException;
import io.plumbline.internal.json.JsonException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Tells a server's malformed answer from a caller's mistake, which both are bad arguments. */
final class Answers {
  private Answers() {}

  /** Returns the same store, whose malformed answers are a {@link ServerException}. */
  static <T> T checked(Class<T> type, T store) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() instanceof JsonException json ? malformed(json) : e.getCause();
              }
            });
    return type.cast(proxy);
  }

  static ServerException malformed(JsonException e) {
    return new ServerException(
        200, "the server was asked, but its answer is not MLflow's: " + e.getMessage(), e);
  }
}
