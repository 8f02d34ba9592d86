package io.plumbline.internal.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where tokens are fetched from. A secret is sent there, so it must be {@code https}, unless it is
 * this machine.
 */
final class TokenUrlType implements ValueType<URI> {

  @Override
  public String accepted() {
    return "an https address, or an http one of this machine, without credentials in it";
  }

  @Override
  public URI parse(String text) throws BadValueException {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new BadValueException("it is not a URI");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean plain = scheme.equals("http") && Loopback.is(uri.getHost());
    if (uri.getHost() == null || !(scheme.equals("https") || plain)) {
      throw new BadValueException("it is not such an address");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw new BadValueException("it has a part before @ or behind #");
    }
    return uri;
  }

  @Override
  public String format(URI value) {
    return value.toString();
  }
}
