package io.plumbline.internal.courier;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The lag of a lane")
class RoutesTest {
  private final FakeTime time = new FakeTime();
  private final Routes routes = new Routes(Cargo.FILES, time);

  @Test
  @DisplayName("begins with what is behind, and not with the idle day before it")
  void idle() {
    time.advance(Duration.ofDays(1));
    assertThat(routes.lag()).isZero();
    routes.follow("run", "writer");
    time.advance(Duration.ofSeconds(3));
    assertThat(Duration.ofNanos(routes.lag())).isEqualTo(Duration.ofSeconds(3));
    routes.follow("another", "writer");
    time.advance(Duration.ofSeconds(3));
    assertThat(Duration.ofNanos(routes.lag())).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  @DisplayName("of what an earlier program has left begins where that came to a stop")
  void left() {
    routes.takeUp("run", "writer", time.millis() - 60_000);
    time.advance(Duration.ofSeconds(1));
    assertThat(Duration.ofNanos(routes.lag())).isEqualTo(Duration.ofSeconds(61));
    routes.takeUp("newer", "writer", time.millis() - 5_000);
    assertThat(Duration.ofNanos(routes.lag())).isEqualTo(Duration.ofSeconds(61));
    routes.takeUp("without a header", "writer", Long.MAX_VALUE);
    assertThat(Duration.ofNanos(routes.lag())).isEqualTo(Duration.ofSeconds(61));
  }
}
