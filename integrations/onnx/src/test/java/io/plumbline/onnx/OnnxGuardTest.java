package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.IncompatibleModelException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What depends on the version of ONNX Runtime")
class OnnxGuardTest {
  @Test
  @DisplayName("is that a later one decides itself which formats it reads")
  void laterRuntime() throws IOException {
    ModelFile newer = ModelFileReader.read(Models.file("newer_opset"));
    assertThatCode(() -> FormatGuard.check("model.onnx", newer, "1.30.0"))
        .doesNotThrowAnyException();
    assertThatCode(() -> FormatGuard.check("model.onnx", newer, "2.0.0"))
        .doesNotThrowAnyException();
    for (String version : new String[] {"1.29.0", "1.29.1-dev", "1.9.0", "unknown", ""}) {
      assertThatExceptionOfType(IncompatibleModelException.class)
          .isThrownBy(() -> FormatGuard.check("model.onnx", newer, version));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.29.0, Linux, , true",
    "1.29.0, Mac OS X, , true",
    "1.30.1, Linux, 0, true",
    "1.29.0, Linux, 1, false",
    "1.29.0, Linux, true, false",
    "1.29.0, Windows 11, , false",
    "1.28.0, Linux, , false"
  })
  @DisplayName("is whether its telemetry starts unless the environment prevents it")
  void telemetry(String version, String os, @Nullable String variable, boolean starts) {
    assertThat(Telemetry.hasStarted(version, os, variable)).isEqualTo(starts);
  }
}
