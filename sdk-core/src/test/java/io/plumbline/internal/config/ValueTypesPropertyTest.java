package io.plumbline.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

@Label("Every value is read back, and every text is a value or refused")
class ValueTypesPropertyTest {

  private static final DurationType DURATION =
      DurationType.between(Duration.ZERO, Duration.ofDays(7));
  private static final BytesType BYTES = BytesType.zeroOrFrom("none", 1);

  @Property
  @Label("every duration is read back from the text that shows it")
  void durationRoundTrip(@ForAll @LongRange(min = 0, max = 604_800_000_000_000L) long nanos)
      throws Exception {
    Duration duration = Duration.ofNanos(nanos);

    assertThat(DURATION.parse(DURATION.format(duration))).isEqualTo(duration);
  }

  @Property
  @Label("every size is read back from the text that shows it")
  void sizeRoundTrip(@ForAll @LongRange(min = 0) long bytes) throws Exception {
    assertThat(BYTES.parse(BYTES.format(bytes))).isEqualTo(bytes);
  }

  @Property
  @Label("any text at all is a value or is refused with a message on one line")
  void hostile(@ForAll String text) {
    for (ConfigKey<?> key : Keys.all()) {
      try {
        assertThat(key.type().parse(text)).isNotNull();
      } catch (BadValueException e) {
        assertThat(e.problem().chars().noneMatch(Character::isISOControl)).isTrue();
        assertThat(e.problem().length()).isLessThan(600);
      }
    }
  }
}
