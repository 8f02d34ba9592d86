package io.plumbline.mlflow;

import io.plumbline.ServerException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import java.util.regex.Pattern;

/** Ids that a server has chosen: they become parts of addresses and filters. */
final class Ids {
  /** Longer than any of MLflow's; a dot at the beginning would lead elsewhere in an address. */
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z_:-][0-9A-Za-z_.:-]{0,255}");

  private Ids() {}

  /** Whether a text can be an id of a server. */
  static boolean isOne(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Reads an id.
   *
   * @throws ServerException if the server says something that can be none
   */
  static String of(JsonObject json, String field) {
    String id = json.string(field);
    if (!isOne(id)) {
      throw new ServerException(
          200,
          "the server's " + field + " can be no id: " + Printable.quote(Printable.start(id, 100)));
    }
    return id;
  }
}
