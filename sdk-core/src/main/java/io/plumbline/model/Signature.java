package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a model takes and gives: its inputs, outputs and parameters, in order.
 *
 * <p>Inputs are all columns or all tensors, as in MLflow; so are outputs.
 *
 * <pre>{@code
 * Signature signature =
 *     Signature.builder()
 *         .input("distance", DataType.DOUBLE)
 *         .optionalInput("pressure", DataType.DOUBLE)
 *         .output("late", DataType.DOUBLE)
 *         .build();
 * }</pre>
 *
 * @param inputs what a call gives, in the order of positions
 * @param outputs what it gets
 * @param params what a call may give besides
 */
public record Signature(List<FieldSpec> inputs, List<FieldSpec> outputs, List<ParamSpec> params)
    implements ModelDocument {
  /** The file in a model package. */
  public static final String FILE = "signature.json";

  /** Copies the lists and checks them. */
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    params = List.copyOf(params);
    check("inputs", inputs);
    check("outputs", outputs);
    if (params.stream().map(ParamSpec::name).distinct().count() < params.size()) {
      throw new IllegalArgumentException("two parameters of a signature have the same name");
    }
  }

  /** A signature of required doubles with one output, the most common kind. */
  public static Signature doubles(List<String> inputs, String output) {
    Builder builder = builder();
    inputs.forEach(name -> builder.input(name, DataType.DOUBLE));
    return builder.output(output, DataType.DOUBLE).build();
  }

  /** Starts an empty signature. */
  public static Builder builder() {
    return new Builder();
  }

  /** The names of the inputs, in the order of positions; a nameless input's is empty. */
  public List<String> inputNames() {
    return inputs.stream().map(FieldSpec::name).toList();
  }

  /**
   * The inputs as columns with names, in the order of positions; empty if they are tensors, or have
   * none: then nothing can be compared with them by name.
   */
  public List<ColumnSpec> inputColumns() {
    return inputs.stream()
        .filter(ColumnSpec.class::isInstance)
        .map(ColumnSpec.class::cast)
        .filter(column -> !column.name().isEmpty())
        .toList();
  }

  /** The names of the outputs, in the order of positions; a nameless output's is empty. */
  public List<String> outputNames() {
    return outputs.stream().map(FieldSpec::name).toList();
  }

  /**
   * The signature as MLflow's JSON: an object whose {@code inputs}, {@code outputs} and {@code
   * params} are strings that contain JSON themselves, or null.
   */
  public byte[] toJson() {
    return SignatureJson.write(this);
  }

  /**
   * Reads what {@link #toJson} or MLflow has written.
   *
   * @throws IllegalArgumentException if it is not a signature; the message says where
   */
  public static Signature fromJson(byte[] json) {
    return SignatureJson.read(json);
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, toJson());
  }

  /** The JSON as text. */
  @Override
  public String toString() {
    return new String(toJson(), StandardCharsets.UTF_8);
  }

  private static void check(String what, List<FieldSpec> fields) {
    Set<String> names = new HashSet<>();
    boolean tensors = !fields.isEmpty() && fields.get(0) instanceof TensorSpec;
    for (FieldSpec field : fields) {
      if (field instanceof TensorSpec != tensors) {
        throw new IllegalArgumentException(
            "a signature's " + what + " must be all tensors or all columns");
      }
      if (field.name().isEmpty()) {
        if (tensors && fields.size() > 1) {
          throw new IllegalArgumentException(
              "a nameless tensor must be the only one of a signature's " + what);
        }
      } else if (!names.add(field.name())) {
        throw new IllegalArgumentException(
            "two of a signature's " + what + " are named " + Printable.quote(field.name()));
      }
    }
    if (!names.isEmpty() && names.size() < fields.size()) {
      throw new IllegalArgumentException("all or none of a signature's " + what + " have a name");
    }
  }

  /** Builds a signature; what is added first has the first position. */
  public static final class Builder {
    private final List<FieldSpec> inputs = new ArrayList<>();
    private final List<FieldSpec> outputs = new ArrayList<>();
    private final List<ParamSpec> params = new ArrayList<>();

    private Builder() {}

    /** Adds a column that every row has. */
    public Builder input(String name, DataType type) {
      inputs.add(new ColumnSpec(name, type, true));
      return this;
    }

    /** Adds a column that may be missing. */
    public Builder optionalInput(String name, DataType type) {
      inputs.add(new ColumnSpec(name, type, false));
      return this;
    }

    /** Adds a tensor; a length of -1 is any length. */
    public Builder inputTensor(String name, String dtype, long... shape) {
      inputs.add(new TensorSpec(name, dtype, Arrays.stream(shape).boxed().toList()));
      return this;
    }

    /** Adds a column of the answer. */
    public Builder output(String name, DataType type) {
      outputs.add(new ColumnSpec(name, type, true));
      return this;
    }

    /** Adds a tensor of the answer; a length of -1 is any length. */
    public Builder outputTensor(String name, String dtype, long... shape) {
      outputs.add(new TensorSpec(name, dtype, Arrays.stream(shape).boxed().toList()));
      return this;
    }

    /** Adds a parameter with its default. */
    public Builder param(String name, DataType type, Object defaultValue) {
      params.add(new ParamSpec(name, type, defaultValue, defaultValue instanceof List));
      return this;
    }

    /**
     * Makes the signature.
     *
     * @throws IllegalArgumentException if two names are equal, or tensors and columns are mixed
     */
    public Signature build() {
      return new Signature(inputs, outputs, params);
    }
  }
}
