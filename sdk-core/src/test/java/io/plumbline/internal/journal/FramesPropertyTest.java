package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FramesPropertyTest {
  /** Four numbers that make a point. */
  record Row(int key, long bits, long step, long time) {}

  @Property
  @Label("Zigzag takes every long to another one and back, small ones to small ones")
  void zigzag(@ForAll long value) {
    assertThat(Frames.unzigzag(Frames.zigzag(value))).isEqualTo(value);
    if (value >= -64 && value < 64) {
      assertThat(Frames.zigzag(value)).isBetween(0L, 127L);
    }
  }

  @Property
  @Label("Points read back bit by bit, whatever their steps, times and values")
  void rows(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 1_000_000) Integer> keys,
      @ForAll @Size(60) List<Long> bits,
      @ForAll @Size(60) List<Long> steps,
      @ForAll @Size(60) List<Long> times) {
    Framer framer = new Framer(7, 0);
    List<Row> expected = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      // A double's NaN may lose its payload on the way through a register: the canonical one.
      double value = Double.longBitsToDouble(bits.get(i));
      Row row = new Row(keys.get(i), Double.doubleToLongBits(value), steps.get(i), times.get(i));
      framer.point(row.key, Double.longBitsToDouble(row.bits), row.step, row.time, i);
      expected.add(row);
    }
    framer.closeFrame();
    assertThat(read(framer)).isEqualTo(expected);
    assertThat(framer.ordinal()).isEqualTo(7 + keys.size());
    assertThat(framer.ringEnd()).isEqualTo(keys.size());
  }

  private static List<Row> read(Framer framer) {
    List<Row> rows = new ArrayList<>();
    BitSet known = new BitSet();
    known.set(0, 1_000_001);
    for (Framer.Chunk c = framer.first(); c != null; c = framer.first()) {
      int at = 0;
      while (at < c.end) {
        int length = (int) Frames.INT.get(c.data, at + 4);
        int count = (int) Frames.INT.get(c.data, at + 16);
        int unknown =
            MetricRows.read(c.data, at + 36, at + 12 + length, count, known, new Collecting(rows));
        assertThat(unknown).isZero();
        at += Frames.PREFIX + length;
      }
      assertThat(at).isEqualTo(c.end);
      if (framer.isOpen(c)) {
        return rows;
      }
      framer.removeFirst();
    }
    return rows;
  }

  private record Collecting(List<Row> rows) implements WriterLog.Visitor {
    @Override
    public void event(io.plumbline.internal.json.JsonObject event) {
      throw new AssertionError("an event among points");
    }

    @Override
    public void point(int key, double value, long step, long time) {
      rows.add(new Row(key, Double.doubleToRawLongBits(value), step, time));
    }
  }

  @Property
  @Label("Rows of random bytes are read or refused, never past their end")
  void hostile(@ForAll byte[] bytes, @ForAll @IntRange(max = 100) int count) {
    byte[] body = Arrays.copyOf(bytes, bytes.length + 40);
    BitSet known = new BitSet();
    known.set(0, 128);
    List<Row> rows = new ArrayList<>();
    try {
      MetricRows.read(body, 0, bytes.length, count, known, new Collecting(rows));
    } catch (IndexOutOfBoundsException e) {
      assertThat(e).isNotNull();
    }
    assertThat(rows.size()).isLessThanOrEqualTo(bytes.length / 11);
  }
}
