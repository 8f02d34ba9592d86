package io.plumbline.drift;

import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.Signature;
import java.util.List;

/** Whether a profile may be of the model that a signature describes. */
final class SignatureFit {
  private SignatureFit() {}

  static void require(Profile profile, Signature signature) {
    List<ColumnSpec> inputs = signature.inputColumns();
    boolean watched = inputs.isEmpty();
    for (ColumnSpec input : inputs) {
      if (profile.has(input.name())) {
        watched = true;
        require(profile.column(input.name()), input.type());
      }
    }
    if (!watched) {
      throw new IllegalArgumentException(
          "the profile has none of the signature's inputs, such as "
              + Printable.quote(inputs.get(0).name())
              + " of type "
              + inputs.get(0).type().label()
              + "; its columns are "
              + Printable.line(profile.columns().stream().map(ColumnProfile::name).toList() + "")
              + ". Make the profile from the columns that the model was trained with, by the same"
              + " names");
    }
  }

  private static void require(ColumnProfile column, DataType type) {
    boolean feature = column.role() == ColumnRole.INPUT || column.role() == ColumnRole.CONTEXT;
    if (feature && !counts(column, type)) {
      throw new IllegalArgumentException(
          "the signature has the input "
              + Printable.quote(column.name())
              + " of type "
              + type.label()
              + ", and the profile counts it as "
              + column.kind().label()
              + "; make the profile from the values that the model was trained with, or say what"
              + " the column is with ProfileBuilder.kind(...)");
    }
  }

  /** Whether values of that type are counted as what they are; only their presence always is. */
  private static boolean counts(ColumnProfile column, DataType type) {
    return switch (column.kind()) {
      case ID -> true;
      case NUMERIC, INTEGER -> type != DataType.STRING;
      case TEXT -> type == DataType.STRING;
      case BOOLEAN -> type == DataType.BOOLEAN || type == DataType.STRING;
      // Numbers are counted by their texts where somebody wanted it so, such as an hour's.
      case CATEGORY ->
          !type.numeric() || column.categories().stream().allMatch(SignatureFit::number);
    };
  }

  private static boolean number(String category) {
    try {
      double unused = Double.parseDouble(category);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
