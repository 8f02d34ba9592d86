package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A picture")
class PlotsTest {
  private static final int BLUE = 0x1F6FB2;
  private static final int ORANGE = 0xD9822B;

  /** The square in which the ROC curve lies, in pixels. */
  private static final int LEFT = 148;

  private static final int TOP = 136;
  private static final int SIDE = 1024;

  @Test
  @DisplayName("of a ROC curve has the curve where its points are")
  void roc() {
    // One positive beats all, one half of the negatives: corners (0, .5), (.5, .5), (.5, 1).
    Evaluation evaluation =
        Evaluation.binary(new double[] {0.9, 0.7, 0.5, 0.3}, new int[] {1, 0, 1, 0});
    BufferedImage picture = Plots.roc(evaluation);
    assertThat(picture.getWidth()).isEqualTo(1280);
    assertThat(picture.getHeight()).isEqualTo(1280);
    assertThat(colorAt(picture, 0.25, 0.5)).isEqualTo(BLUE);
    assertThat(colorAt(picture, 0.5, 0.75)).isEqualTo(BLUE);
    assertThat(colorAt(picture, 0.75, 1)).isEqualTo(BLUE);
    assertThat(colorAt(picture, 0.1, 0.9)).isEqualTo(0xFFFFFF);
    assertThat(colorAt(picture, 0.9, 0.5)).isNotIn(BLUE, 0xFFFFFF);
    assertThat(inkAbove(picture, TOP)).as("pixels of the title").isGreaterThan(500);
  }

  @Test
  @DisplayName("of a ROC curve with a million points is drawn")
  void manyPoints() {
    int n = 1_000_000;
    SplittableRandom random = new SplittableRandom(1);
    double[] scores = random.doubles(n).toArray();
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextDouble() < scores[i];
    }
    Evaluation evaluation = Evaluation.binary(scores, labels);
    assertThat(evaluation.rocCurve().size()).isGreaterThan(300_000);
    // At the threshold t the rates are (1 - t)² and 1 - t²: 0.25 and 0.75 for t = 0.5.
    assertThat(colorAt(Plots.roc(evaluation), 0.25, 0.75)).isEqualTo(BLUE);
  }

  @Test
  @DisplayName("is a PNG that has the same pixels")
  void png() throws IOException {
    BufferedImage picture = Plots.bars("Importance", Map.of("distance", 3, "wind", 1.5));
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(Plots.png(picture)));
    assertThat(read.getRGB(0, 0, 1280, read.getHeight(), null, 0, 1280))
        .isEqualTo(picture.getRGB(0, 0, 1280, picture.getHeight(), null, 0, 1280));
  }

  @Test
  @DisplayName("of bars has the value furthest from zero at the top, negative ones in orange")
  void bars() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("small", 1.0);
    values.put("negative", -4.0);
    values.put("large", 8.0);
    BufferedImage picture = Plots.bars("Effect on the delay", values);
    long top = count(picture, BLUE, row(0));
    long middle = count(picture, ORANGE, row(1));
    long bottom = count(picture, BLUE, row(2));
    assertThat((double) top / middle).isCloseTo(2, within(0.1));
    assertThat((double) top / bottom).isCloseTo(8, within(0.5));
    assertThat(count(picture, ORANGE, row(0)) + count(picture, BLUE, row(1))).isZero();
  }

  @Test
  @DisplayName("of bars shows 30 of them, whatever their names and values are")
  void manyBars() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < 29; i++) {
      values.put("feature " + i, i * 1.0);
    }
    int height = Plots.bars("Importance", values).getHeight();
    for (int i = 29; i < 500; i++) {
      values.put("\ud83d\udee9 long name ".repeat(i) + "\n\t", -i * 1e300);
    }
    values.put("", Double.MAX_VALUE);
    values.put("tiny", Double.MIN_VALUE);
    BufferedImage picture = Plots.bars("t".repeat(10_000), values);
    assertThat(picture.getHeight()).isEqualTo(height + 2 * 52);
    assertThat(Plots.bars("", Map.of("zero", 0)).getHeight()).isPositive();
    assertThat(Plots.bars("", Map.of("tiny", Double.MIN_VALUE)).getHeight()).isPositive();
  }

  @Test
  @DisplayName("of nothing, of NaN or of a regression is refused")
  void refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Plots.bars("Importance", Map.of()))
        .withMessageContaining("values is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Plots.bars("Importance", Map.of("wind", Double.NaN)))
        .withMessageContaining("the value of \"wind\" is NaN");
    assertThatIllegalStateException()
        .isThrownBy(() -> Plots.roc(Evaluation.regression(new double[2], new double[2])))
        .withMessageContaining("there is no ROC curve");
  }

  @Test
  @DisplayName("is refused with the remedy where the runtime lacks java.desktop; metrics are not")
  void noDesktopModule(@TempDir Path folder) throws Exception {
    String output = child(folder, Map.of(), "--limit-modules", "java.base");
    assertThat(output)
        .contains("auc 0.75")
        .contains("IllegalStateException: this Java runtime cannot draw pictures")
        .contains("java.desktop");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName("is refused with the remedy where the system has no fonts; metrics are not")
  void noFonts(@TempDir Path folder) throws Exception {
    Path fonts = folder.resolve("fonts.conf");
    Files.writeString(fonts, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    // A home of its own, because the JDK remembers the fonts it found in the user's home.
    String output =
        child(
            folder,
            Map.of("FONTCONFIG_FILE", fonts.toString()),
            "-Duser.home=" + folder,
            "-Djava.awt.headless=true");
    Assumptions.assumeFalse(
        output.contains("drawn"), "skipped: this JDK finds fonts without the system's fontconfig");
    assertThat(output)
        .contains("auc 0.75")
        .contains("IllegalStateException: this Java runtime cannot draw pictures")
        .contains("install fontconfig and a font");
  }

  /** What a child JVM runs to see what is left without java.desktop or fonts. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      Evaluation evaluation =
          Evaluation.binary(new double[] {0.1, 0.4, 0.35, 0.8}, new int[] {0, 0, 1, 1});
      System.out.println("auc " + evaluation.value("auc"));
      try {
        System.out.println("drawn " + (Plots.roc(evaluation) != null));
      } catch (IllegalStateException e) {
        System.out.println(e);
      }
    }
  }

  private static String child(Path folder, Map<String, String> environment, String... options)
      throws Exception {
    Path output = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(Child.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the child ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static int colorAt(BufferedImage picture, double x, double y) {
    int column = (int) Math.round(LEFT + x * SIDE);
    int line = (int) Math.round(TOP + (1 - y) * SIDE);
    return picture.getRGB(column, line) & 0xFFFFFF;
  }

  /** Returns a line of pixels through the middle of a bar. */
  private static int row(int bar) {
    return 2 * (60 + 26 * bar + 8);
  }

  private static long count(BufferedImage picture, int color, int line) {
    long count = 0;
    for (int x = 0; x < picture.getWidth(); x++) {
      count += (picture.getRGB(x, line) & 0xFFFFFF) == color ? 1 : 0;
    }
    return count;
  }

  private static long inkAbove(BufferedImage picture, int bottom) {
    long ink = 0;
    for (int y = 0; y < bottom - 4; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        ink += (picture.getRGB(x, y) & 0xFF) < 0x60 ? 1 : 0;
      }
    }
    return ink;
  }
}
