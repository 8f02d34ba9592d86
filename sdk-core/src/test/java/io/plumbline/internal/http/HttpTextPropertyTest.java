package io.plumbline.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

@Label("Texts of HTTP are read and written by their standards")
class HttpTextPropertyTest {
  @Property
  @Label("what is encoded into an address decodes to what it was")
  void encodes(@ForAll String given) {
    String text = wellFormed(given);
    String encoded = UrlText.encode(text);

    assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
    assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Property
  @Label("of a path only the slashes stay")
  void encodesPaths(@ForAll String given) {
    String text = wellFormed(given);
    String encoded = UrlText.encodePath(text);

    assertThat(encoded).matches("[A-Za-z0-9._~%/-]*");
    assertThat(encoded.replace("/", "%2F")).isEqualTo(UrlText.encode(text));
  }

  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Property
  @Label("Retry-After in seconds is that many seconds")
  void seconds(@ForAll @IntRange(min = 0, max = 999_999_999) int seconds) {
    assertThat(RetryAfter.parse(" " + seconds + " ", Instant.EPOCH))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Property
  @Label("Retry-After with a date is the time until then, and nothing when it has passed")
  void dates(
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long at,
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long now) {
    String header =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.ofEpochSecond(at).atOffset(ZoneOffset.UTC));

    assertThat(RetryAfter.parse(header, Instant.ofEpochSecond(now)))
        .isEqualTo(Duration.ofSeconds(Math.max(0, at - now)));
  }

  @Property
  @Label("any other text is no wait, and no error")
  void others(@ForAll String text) {
    Duration wait = RetryAfter.parse(text + "x", Instant.EPOCH);

    assertThat(wait).isNull();
    assertThat(RetryAfter.parse(null, Instant.EPOCH)).isNull();
  }
}
