package io.plumbline.drift;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one feature that was served compares with what training would have made of the same input,
 * row by row.
 *
 * @param name the feature
 * @param rows the rows that were compared
 * @param equal rows where both agree, or both have no value
 * @param differs rows where both have a value, but not the same
 * @param missing rows where only training has a value
 * @param unexpected rows where only serving has a value
 * @param maxRelativeError the largest |training − served| / max(|training|, |served|) of rows where
 *     both have a value: 0 to 2, or infinity
 * @param standIn what serving says where training has no value, if it always says the same
 * @param requestIds some rows that are not equal, the first ones
 */
public record FeatureSkew(
    String name,
    long rows,
    long equal,
    long differs,
    long missing,
    long unexpected,
    double maxRelativeError,
    OptionalDouble standIn,
    List<String> requestIds) {

  /** Copies the ids. */
  public FeatureSkew {
    requestIds = List.copyOf(requestIds);
  }

  /** The share of rows that are not equal, from 0 to 1. */
  public double share() {
    return rows == 0 ? 0 : (double) (rows - equal) / rows;
  }

  /** What is wrong, in a sentence; empty if nothing is. */
  public Optional<String> explanation() {
    if (equal == rows) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder("feature " + Words.quoted(name));
    String next = " ";
    if (differs > 0) {
      text.append(" differs in ")
          .append(Words.percent((double) differs / rows))
          .append(" of the rows, by up to ")
          .append(Words.percent(maxRelativeError));
      next = "; it ";
    }
    if (unexpected > 0) {
      text.append(next)
          .append("has a value in ")
          .append(Words.percent((double) unexpected / rows))
          .append(" of the rows where training has none");
      standIn.ifPresent(value -> text.append(", always ").append(Words.number(value)));
      next = "; it ";
    }
    if (missing > 0) {
      text.append(next)
          .append("is missing in ")
          .append(Words.percent((double) missing / rows))
          .append(" of the rows where training has a value");
    }
    text.append("; such as request ").append(Words.quoted(requestIds.get(0)));
    return Optional.of(text.toString());
  }

  /** How far two values are apart, as a share of the larger one; NaN if only one is there. */
  static double error(double training, double served) {
    if (training == served || Double.isNaN(training) && Double.isNaN(served)) {
      return 0;
    }
    double larger = Math.max(Math.abs(training), Math.abs(served));
    if (Double.isInfinite(larger)) {
      return Double.POSITIVE_INFINITY;
    }
    // Divided first: the difference of two large numbers may overflow.
    return Math.abs(training / larger - served / larger);
  }
}
