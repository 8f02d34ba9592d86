package io.plumbline.internal.http;

import io.plumbline.spi.Credentials;
import java.util.ArrayList;
import java.util.List;

/** The secrets that a server has just got from us, and may repeat in what it answers. */
final class SentSecrets {
  private static final String HIDDEN = "[hidden]";

  /** Of a secret that a text has only the beginning of, so much gives it away. */
  private static final int GIVEN_AWAY = 12;

  /** Answers to the credentials before these are still on their way when others are sent. */
  private volatile List<Credentials> last = List.of();

  void add(Credentials credentials) {
    List<Credentials> known = last;
    if (credentials instanceof Credentials.None || known.contains(credentials)) {
      return;
    }
    last = known.isEmpty() ? List.of(credentials) : List.of(credentials, known.get(0));
  }

  String hidden(String text) {
    String hidden = text;
    for (String secret : secrets()) {
      hidden = hidden(hidden, secret);
    }
    return hidden;
  }

  /** The longer ones first: one may be in another. */
  private List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    for (Credentials credentials : last) {
      if (credentials instanceof Credentials.Basic basic) {
        secrets.add(Http.basic(basic.username(), basic.password()).substring("Basic ".length()));
        secrets.add(basic.password().reveal());
      } else if (credentials instanceof Credentials.Bearer bearer) {
        secrets.add(bearer.token().reveal());
      }
    }
    return secrets;
  }

  /** Hides a secret, also one that the text breaks off in. */
  private static String hidden(String text, String secret) {
    if (secret.isEmpty()) {
      return text;
    }
    String start = secret.substring(0, Math.min(secret.length(), GIVEN_AWAY));
    int at = text.indexOf(start);
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (at >= 0) {
      int end = at;
      for (int i = 0; i < secret.length() && end < text.length(); i++, end++) {
        if (text.charAt(end) != secret.charAt(i)) {
          break;
        }
      }
      out.append(text, from, at).append(HIDDEN);
      from = end;
      at = text.indexOf(start, from);
    }
    return out.append(text, from, text.length()).toString();
  }
}
