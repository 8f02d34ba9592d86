package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ServerException;
import io.plumbline.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A call that waits for a server")
class RetryingTest {
  private final List<Long> waits = new ArrayList<>();
  private int calls;

  private Callable<?> failing(RuntimeException problem, int retries) {
    Callable<String> target =
        () -> {
          calls++;
          throw problem;
        };
    return Retrying.of(Callable.class, target, retries, waits::add);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7})
  @DisplayName(
      "is repeated as often as http.retries says while the server is away, ever more slowly")
  void repeated(int retries) {
    assertThatThrownBy(failing(new TransportException("away", null), retries)::call)
        .isInstanceOf(TransportException.class);
    assertThat(calls).isEqualTo(retries + 1);
    assertThat(waits).hasSize(retries).allMatch(wait -> wait >= 0 && wait <= 10_000_000_000L);
    for (int i = 0; i < waits.size(); i++) {
      assertThat(waits.get(i)).isLessThanOrEqualTo(200_000_000L << i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 501})
  @DisplayName("is not repeated when the answer will be the same")
  void notRepeated(int status) {
    assertThatThrownBy(failing(new ServerException(status, "no"), 7)::call)
        .isInstanceOf(ServerException.class);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName("fails at once when the server asks for years")
  void years() {
    ServerException slow =
        new ServerException.RateLimited(429, "slow", Duration.ofDays(365 * 8_000));
    assertThatThrownBy(failing(slow, 7)::call).isSameAs(slow);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName("is repeated a hundred times if that is wanted, and the waits stay bounded")
  void often() {
    assertThatThrownBy(failing(new TransportException("away", null), 100)::call)
        .isInstanceOf(TransportException.class);
    assertThat(calls).isEqualTo(101);
    assertThat(waits).allMatch(wait -> wait >= 0 && wait <= 10_000_000_000L);
  }

  @Test
  @DisplayName("fails at once when the server asks for more time than a call has")
  void askedToWaitForEver() {
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    assertThatThrownBy(failing(new ServerException.RateLimited(429, "later", ever), 7)::call)
        .isInstanceOf(ServerException.RateLimited.class);
    assertThat(calls).isEqualTo(1);
    assertThat(waits).isEmpty();
  }
}
