package io.plumbline.serving.internal.capture;

import io.plumbline.Secret;
import io.plumbline.serving.internal.PrivacyRule;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed digests of values; for one thread. */
final class Digests {
  private static final String ALGORITHM = "HmacSHA256";

  private final IdentityHashMap<PrivacyRule, Mac> macs = new IdentityHashMap<>();

  String of(PrivacyRule privacy, String value) {
    Mac mac = macs.computeIfAbsent(privacy, Digests::mac);
    return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
  }

  private static Mac mac(PrivacyRule privacy) {
    Secret key = privacy.key();
    if (key == null) {
      throw new IllegalStateException("no key");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
