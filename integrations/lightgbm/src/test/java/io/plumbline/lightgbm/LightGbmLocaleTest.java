package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LightGBM reads linear models in the locale of the process, which the JVM has set. */
@DisplayName("A linear model in a process with a decimal comma")
class LightGbmLocaleTest {
  private static final String LOCALE = "de_DE.UTF-8";

  @TempDir Path folder;

  /** Prints what the model of a folder predicts: through the loader, and as LightGBM reads it. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      String text = Files.readString(folder.resolve("linear.txt"));
      double[] out = new double[20];
      try (LoadedModel model = Models.load(Models.packed(text), folder);
          Predictor predictor = model.open()) {
        predictor.predict(Models.flat(Models.rows(20, 1)), 20, out);
      }
      System.out.println("loaded " + Arrays.toString(out));
      System.out.println(
          "direct " + Arrays.toString(Models.predictions(text, Models.rows(20, 1), 1)));
    }
  }

  @Test
  @DisplayName("predicts what it predicts elsewhere, though LightGBM alone does not")
  void predictsTheSame() throws Exception {
    if (!localeExists()) {
      assertThat(System.getenv("CI")).as("in CI there must be localedef").isNotEqualTo("true");
      assumeTrue(false, "there is no localedef that makes a locale with a decimal comma");
    }
    String text = Models.linear();
    Files.writeString(folder.resolve("linear.txt"), text);
    String expected = Arrays.toString(Models.predictions(text, Models.rows(20, 1), 1));

    Map<String, String> environment = Map.of("LC_ALL", LOCALE, "LOCPATH", folder.toString());
    String printed = ChildJvm.output(ChildJvm.start(Child.class, folder, environment, folder));

    assertThat(printed).contains("loaded " + expected).doesNotContain("direct " + expected);
  }

  private boolean localeExists() throws Exception {
    try {
      Process made =
          new ProcessBuilder(
                  "localedef", "-i", "de_DE", "-f", "UTF-8", folder.resolve(LOCALE).toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return made.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
