package io.plumbline.internal.courier;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a record asks to be done at a server")
class ParcelsTest {
  private static Parcels read(Cargo cargo, String event) {
    Parcels parcels = new Parcels(cargo);
    parcels.event(7, Json.object(event, "the event"));
    return parcels;
  }

  @Test
  @DisplayName("is nothing for files and models, which go beside the records")
  void apart() {
    String event =
        "{\"artifacts\":[{\"path\":\"a\",\"size\":1,\"sha256\":\"x\"}],\"models\":[{\"name\":\"m\"}]}";
    assertThat(read(Cargo.RECORDS, event).waiting()).containsExactly(new Parcel.Nothing(7));
    assertThat(read(Cargo.FILES, event).waiting())
        .hasSize(2)
        .first()
        .isEqualTo(new Parcel.File(7, "a", 1, "x"));
    assertThat(read(Cargo.RECORDS, event).files()).isEqualTo(7);
    assertThat(read(Cargo.FILES, event).files()).isEqualTo(7);
  }

  @Test
  @DisplayName("is told as unreadable where a newer version has written it: the run's end follows")
  void newer() {
    Parcels parcels = read(Cargo.FILES, "{\"artifacts\":[{\"place\":\"a\"}]}");
    assertThat(parcels.files()).isEqualTo(7);
    assertThat(parcels.waiting()).singleElement().isInstanceOf(Parcel.Unreadable.class);
  }
}
