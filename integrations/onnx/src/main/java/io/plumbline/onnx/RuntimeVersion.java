package io.plumbline.onnx;

/** Versions of ONNX Runtime, such as {@code 1.29.0}. */
final class RuntimeVersion {
  private RuntimeVersion() {}

  /** Whether a version is 1.{@code minor} or later; false if it is no version. */
  static boolean isAtLeast(String version, int minor) {
    String[] numbers = version.split("[^0-9]", 3);
    try {
      int major = Integer.parseInt(numbers[0]);
      return major > 1 || (major == 1 && Integer.parseInt(numbers[1]) >= minor);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }
}
