package io.plumbline.zstd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

@Label("Zstandard for prediction logs, whatever the bytes,")
class ZstandardPropertyTest {
  @Property(tries = 200)
  @Label("gives back every buffer as it was, from and to any place")
  void roundTrip(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 19) int level) {
    Zstandard zstd = new Zstandard(level);
    ByteBuffer plain = ByteBuffer.allocateDirect(bytes.length + 3);
    plain.position(3);
    plain.put(bytes).position(3);
    ByteBuffer target = ByteBuffer.allocateDirect(zstd.bound(bytes.length) + 5);
    target.position(5);
    int length = zstd.compress(plain, target);
    byte[] frame = new byte[length];
    target.get(5, frame);
    assertThat(zstd.decompress(frame, bytes.length)).isEqualTo(bytes);
  }
}
