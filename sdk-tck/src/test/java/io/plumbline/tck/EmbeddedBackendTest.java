package io.plumbline.tck;

import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.spi.Backend;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The embedded store, through its SPI, passes the kit")
class EmbeddedBackendTest extends BackendKit {
  @Override
  protected Backend open(Path place) {
    return EmbeddedBackend.open(place.resolve("store"), JournalOptions.DEFAULT);
  }
}
