package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

@Label("The distance between names is a distance")
class NearestPropertyTest {

  @Property
  @Label("the distance is symmetric, zero only for equals, and at most the longer length")
  void distanceLaws(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String a,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String b) {
    int distance = Nearest.distance(a, b);

    assertThat(distance).isEqualTo(Nearest.distance(b, a));
    assertThat(distance == 0).isEqualTo(a.equals(b));
    assertThat(distance)
        .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
  }
}
