package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A profile in a model's package")
class SignatureFitTest {
  private static final Profile PROFILE =
      Profile.builder()
          .kind("hour", ColumnKind.CATEGORY)
          .kind("note", ColumnKind.TEXT)
          .kind("id", ColumnKind.ID)
          .add("temp", new double[] {1.5, 2.5})
          .add("hour", new double[] {7, 8})
          .add("origin", new String[] {"JFK", "LGA"})
          .add("note", new String[] {"late", "on time"})
          .add("night", new boolean[] {true, false})
          .add("id", new double[] {1, 2})
          .add("prediction", new String[] {"yes", "no"})
          .build();

  private static Signature signature(String input, DataType type) {
    return Signature.builder().input(input, type).output("late", DataType.DOUBLE).build();
  }

  private static void refused(Signature signature, String... words) {
    ModelPackage model = ModelPackage.of("rules", Map.of());
    assertThatThrownBy(() -> model.with(signature).with(PROFILE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
    assertThatThrownBy(() -> model.with(PROFILE).with(signature)).hasMessageContainingAll(words);
  }

  @Test
  @DisplayName("is refused where it counts an input as another type, whichever comes first")
  void types() {
    refused(
        signature("temp", DataType.STRING),
        "the signature has the input 'temp' of type string, and the profile counts it as numeric",
        "make the profile from the values that the model was trained with");
    refused(signature("origin", DataType.DOUBLE), "'origin' of type double", "as category");
    refused(signature("note", DataType.LONG), "'note' of type long", "as text");
    refused(signature("night", DataType.FLOAT), "'night' of type float", "as boolean");
  }

  @Test
  @DisplayName("is refused where it has none of the inputs")
  void others() {
    refused(
        Signature.doubles(List.of("dewp", "humid"), "late"),
        "the profile has none of the signature's inputs, such as 'dewp' of type double",
        "[temp, hour, origin, note, night, id, prediction]");
  }

  @Test
  @DisplayName("may have columns beside the inputs, miss some, and count numbers by their texts")
  void fits() {
    Signature signature =
        Signature.builder()
            .input("temp", DataType.DOUBLE)
            .input("hour", DataType.INTEGER)
            .input("origin", DataType.STRING)
            .input("night", DataType.BOOLEAN)
            .input("id", DataType.LONG)
            .input("unwatched", DataType.DOUBLE)
            .input("prediction", DataType.DOUBLE) // the column of that name is the answer
            .output("late", DataType.DOUBLE)
            .build();
    ModelPackage model = ModelPackage.of("rules", Map.of()).with(PROFILE).with(signature);
    assertThat(model.part(Profile.FILE)).isPresent();
    Signature tensor =
        Signature.builder().inputTensor("", "float32", -1, 5).output("y", DataType.DOUBLE).build();
    assertThat(model.with(tensor).signature()).contains(tensor);
  }
}
