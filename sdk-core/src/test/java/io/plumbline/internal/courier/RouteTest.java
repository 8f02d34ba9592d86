package io.plumbline.internal.courier;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.journal.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A part of a run on its way")
class RouteTest {
  private final Route route = new Route("run", "writer");

  @Test
  @DisplayName("is over once all was read that its writer had written")
  void over() {
    route.opened();
    route.read(true, route.written());
    assertThat(route.isOver()).isFalse();
    route.closed(Receipt.kept());
    assertThat(route.isOver()).isFalse();
    route.read(true, route.written());
    assertThat(route.isOver()).isTrue();
  }

  @Test
  @DisplayName("is not over when it was opened and closed again while its end was read")
  void openedAgain() {
    route.opened();
    route.closed(Receipt.kept());
    Receipt before = route.written();
    route.opened();
    route.read(true, before);
    route.closed(Receipt.kept());
    assertThat(route.isOver()).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName("stays locked for other processes when a second courier of this one has asked")
  void locked(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("lock");
    try (DeliveryLock lock = DeliveryLock.take(file).orElseThrow()) {
      Optional<DeliveryLock> second = DeliveryLock.take(file);
      assertThat(second).isEmpty();
      String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(inode);
    }
    try (DeliveryLock again = DeliveryLock.take(file).orElseThrow()) {
      assertThat(again).isNotNull();
    }
  }
}
