package io.plumbline.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Makes a model's features out of raw input: one class, called by training and by serving alike, so
 * that both see the same features.
 *
 * <p>It is pure: the features follow from the input and the configuration alone, so whatever they
 * need, such as the delays before, is in the input. One object may serve many threads.
 *
 * <pre>{@code
 * record Departure(String carrier, double distance, List<Double> delaysBefore) {}
 *
 * final class DelayFeatures implements FeatureTransform<Departure> {
 *   public String id() { return "delay-features"; }
 *   public String version() { return "2"; }
 *   public Map<String, String> config() { return Map.of("window", "20"); }
 *   public List<String> features() { return List.of("distance", "carrier_delay"); }
 *   public void apply(Departure flight, double[] out) {
 *     out[0] = flight.distance();
 *     out[1] = meanOfLast(20, flight.delaysBefore());   // NaN where there is none
 *   }
 * }
 * }</pre>
 *
 * @param <I> the raw input
 */
public interface FeatureTransform<I> {
  /** What it is called, whatever its version; such as {@code delay-features}. */
  String id();

  /** Its version; another one whenever it makes other features of the same input. */
  String version();

  /**
   * The settings that its features depend on, such as the length of a window. They travel with the
   * model as they are, so there is no secret among them.
   */
  default Map<String, String> config() {
    return Map.of();
  }

  /** The features' names, in the order of their positions. */
  List<String> features();

  /**
   * Makes the features of one input.
   *
   * @param input the raw input
   * @param out where they go: one place for each of {@link #features}, NaN for what is missing
   */
  void apply(I input, double[] out);

  /**
   * A few inputs whose features travel with the model: at load they are made again, and code that
   * has changed without a new version is found. Choose odd ones: nothing before, a missing value.
   */
  default List<I> examples() {
    return List.of();
  }

  /** Makes the features of one input, in an array of their own. */
  default double[] apply(I input) {
    double[] out = new double[features().size()];
    // What a transform forgets to write must not look like a zero.
    Arrays.fill(out, Double.NaN);
    apply(input, out);
    return out;
  }
}
