package io.plumbline.model;

import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Datasets that are arrays in memory, with MLflow's digest of numpy arrays.
 *
 * <p>MLflow (mlflow/data/digest_utils.py) takes MD5 over pandas' 64-bit hash of each of the first
 * 10,000 values, row by row, then the length of each dimension as an int64, and keeps 8 hex digits.
 * All integers are little-endian. pandas' hash of a double is the finaliser of splitmix64 over its
 * bits. That is pandas 2, the one MLflow runs on; pandas 3 takes -0.0 for 0.0 and every NaN for
 * one.
 */
final class DatasetArrays {
  private static final int MAX_HASHED = 10_000;

  private DatasetArrays() {}

  static Dataset of(String name, double[][] features, List<String> columns) {
    Objects.requireNonNull(features, "features");
    for (int row = 0; row < features.length; row++) {
      if (features[row].length != columns.size()) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " has "
                + features[row].length
                + " values, but there are "
                + columns.size()
                + " columns");
      }
    }
    return new Dataset(
        name,
        digest(features, columns.size()),
        "code",
        "{\"tags\":{}}",
        DatasetReader.schema(
            columns.stream().map(c -> new ColumnSpec(c, DataType.DOUBLE, true)).toList()),
        profile(features, columns.size()));
  }

  private static String digest(double[][] features, int width) {
    MessageDigest md5 = md5();
    ByteBuffer word = word();
    long left = MAX_HASHED;
    for (int row = 0; row < features.length && left > 0; row++) {
      for (int i = 0; i < width && left > 0; i++, left--) {
        feed(md5, word, mixed(Double.doubleToRawLongBits(features[row][i])));
      }
    }
    feed(md5, word, features.length);
    feed(md5, word, width);
    return HexFormat.of().formatHex(md5.digest()).substring(0, 8);
  }

  /** The finaliser of splitmix64 (Steele, Lea, Flood 2014; Stafford's variant 13). */
  private static long mixed(long bits) {
    long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private static String profile(double[][] features, int width) {
    MessageDigest sha256 = Sha256.start();
    ByteBuffer word = word();
    for (double[] row : features) {
      for (double value : row) {
        feed(sha256, word, Double.doubleToRawLongBits(value));
      }
    }
    long size = (long) features.length * width;
    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("num_rows", features.length);
    profile.put("features_shape", List.of(features.length, width));
    profile.put("features_size", size);
    profile.put("features_nbytes", size * Double.BYTES);
    profile.put("sha256", Sha256.hex(sha256));
    return Json.text(profile);
  }

  private static void feed(MessageDigest digest, ByteBuffer word, long value) {
    digest.update(word.putLong(0, value).rewind());
  }

  private static ByteBuffer word() {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      // Every JDK has it, but a locked-down one (FIPS) may not.
      throw new IllegalStateException(
          "this JVM offers no MD5, which MLflow's digest of arrays needs; write the data to a file and use Dataset.file",
          e);
    }
  }
}
