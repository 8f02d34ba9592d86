package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ModelPackagePropertyTest {

  @Property(tries = 200)
  @Label("The digest does not depend on the order in which a package is put together")
  void orderDoesNotCount(@ForAll("names") List<String> names, @ForAll Random random) {
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, random);
    assertThat(packed(shuffled)).isEqualTo(packed(names));
    assertThat(packed(shuffled).digest()).isEqualTo(packed(names).digest());
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.strings()
        .withChars('a', 'b', '\uFFFD', '.', '-')
        .ofMinLength(1)
        .ofMaxLength(4)
        .map(name -> "p" + name + "e/x")
        .list()
        .uniqueElements()
        .ofMaxSize(8);
  }

  private static ModelPackage packed(List<String> names) {
    ModelPackage model = ModelPackage.of("rules", Map.of());
    for (String name : names) {
      model = model.with(ModelPart.of(name, "text/plain", name.getBytes(StandardCharsets.UTF_8)));
    }
    return model;
  }
}
