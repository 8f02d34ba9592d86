package io.plumbline.internal.config;

import io.plumbline.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The address of a proxy. It may hold a password, so no message shows any of it. */
final class ProxyType implements ValueType<ProxyAddress> {

  private static final int DEFAULT_PORT = 80;

  @Override
  public String accepted() {
    return "the address of an HTTP proxy, such as http://proxy.example.com:3128, in which"
        + " user:password@ may stand before the host";
  }

  @Override
  public ProxyAddress parse(String text) throws BadValueException {
    String stripped = text.strip();
    String full = stripped.contains("://") ? stripped : "http://" + stripped;
    if (!full.toLowerCase(Locale.ROOT).startsWith("http://")) {
      throw new BadValueException("the proxy is not one that is spoken to in plain HTTP");
    }
    int at = full.lastIndexOf('@');
    String login = at < 0 ? null : full.substring("http://".length(), at);
    URI uri = uri("http://" + full.substring(at < 0 ? "http://".length() : at + 1));
    String host = uri.getHost();
    String path = uri.getRawPath();
    if (host == null || (path != null && path.length() > 1) || uri.getPort() > 65_535) {
      throw new BadValueException("the address is not that of a proxy");
    }
    int port = uri.getPort() <= 0 ? DEFAULT_PORT : uri.getPort();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int colon = login == null ? -1 : login.indexOf(':');
    String user = login == null ? null : decoded(colon < 0 ? login : login.substring(0, colon));
    String password = login == null || colon < 0 ? "" : decoded(login.substring(colon + 1));
    return new ProxyAddress(name, port, noColon(user), Secret.of(password));
  }

  private static URI uri(String text) throws BadValueException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new BadValueException("the address is not a URI");
    }
  }

  private static @Nullable String noColon(@Nullable String user) throws BadValueException {
    if (user != null && user.indexOf(':') >= 0) {
      throw new BadValueException("the user name for the proxy has a colon");
    }
    return user;
  }

  private static String decoded(String text) throws BadValueException {
    try {
      // A plus sign is itself here, and not the blank that it is in a form.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadValueException("the login for the proxy has a % that no two digits follow");
    }
  }

  @Override
  public String format(ProxyAddress value) {
    return value.toString();
  }
}
