package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

  @TempDir Path folder;

  @Test
  @DisplayName("The flights file has its bytes' digest, its columns and its number of rows")
  void flights() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    Dataset flights = Dataset.file(root.resolve("samples/data/flights.csv.gz"));
    assertThat(flights.name()).isEqualTo("flights.csv.gz");
    assertThat(flights.digest()).hasSize(32);
    JsonObject profile = Json.object(flights.profile(), "profile");
    assertThat(profile.longValue("num_rows")).isEqualTo(54_558);
    assertThat(profile.longValue("num_elements")).isEqualTo(54_558 * 16);
    assertThat(profile.longValue("size_bytes")).isEqualTo(517_910);
    assertThat(profile.string("sha256")).hasSize(64).startsWith(flights.digest());
    assertThat(flights.schema())
        .startsWith("{\"mlflow_colspec\":[{\"type\":\"long\",\"name\":\"month\",\"required\":true}")
        .contains("{\"type\":\"string\",\"name\":\"origin\",\"required\":true}")
        .contains("{\"type\":\"double\",\"name\":\"pressure\",\"required\":false}");
    assertThat(flights.sourceType()).isEqualTo("local");
    assertThat(Json.object(flights.source(), "source").string("uri"))
        .startsWith("file:/")
        .endsWith("/flights.csv.gz");
  }

  @Test
  @DisplayName("Each column has the narrowest type that all its cells have")
  void types() throws IOException {
    Path file =
        write(
            "t.csv",
            "long,double,bool,text,empty,mixed\n1,1,true,x,,1\n-2,0.5,False,7,,true\n3,NaN,,1.5,,\n");
    assertThat(Json.object(Dataset.csv(file).schema(), "schema").objects("mlflow_colspec"))
        .extracting(column -> column.string("type") + " " + column.bool("required"))
        .containsExactly(
            "long true",
            "double true",
            "boolean false",
            "string true",
            "string false",
            "string false");
  }

  @Test
  @DisplayName("A .csv file that is no CSV is still a dataset of bytes; Dataset.csv refuses it")
  void notCsv() throws IOException {
    for (String content :
        List.of("", "a,b\n1\n", "a\n\"x", "a\n" + "x\n".repeat(200_000) + "x\"")) {
      Path file = write("t.csv", content);
      Dataset dataset = Dataset.file(file);
      assertThat(dataset.schema()).isEmpty();
      assertThat(Sha256.of(content.getBytes(StandardCharsets.UTF_8))).startsWith(dataset.digest());
      assertThatThrownBy(() -> Dataset.csv(file))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("t.csv");
    }
  }

  @Test
  @DisplayName("A directory's digest is the root digest of its files, without git's own")
  void directory() throws IOException {
    write("a.b", "2");
    write("a/b", "1");
    write("😀", "4");
    write("empty", "");
    write(".git/HEAD", "ref");
    Dataset dataset = Dataset.dir(folder);
    assertThat(dataset.profile()).contains("\"num_files\":4,\"size_bytes\":3");
    // SHA-256 over the four digests in the order a.b, a/b, empty, emoji: tools/golden/words.py,
    // "directory"
    assertThat(dataset.digest()).isEqualTo("13b7c6bb8ccc6c7c0fd8d52df3e91479");
    write("a/b", "changed");
    assertThat(Dataset.dir(folder).digest()).isNotEqualTo(dataset.digest());
  }

  @Test
  @DisplayName("An array has the digest that MLflow gives an equal numpy array")
  void numpyDigest() {
    // The first is a live MLflow's, the others are from tools/golden/words.py.
    assertThat(of(new double[][] {{0, 1}, {2, 3}, {4, 5}}).digest()).isEqualTo("3efaaf32");
    assertThat(of(new double[][] {{1, 2}, {3, 4}, {5, 6}}).digest()).isEqualTo("f52d9794");
    assertThat(
            of(new double[][] {
                  {0.0, -0.0, Double.NaN}, {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.1}
                })
                .digest())
        .isEqualTo("a2c528d2");
    double[][] many = new double[5_001][];
    for (int i = 0; i < many.length; i++) {
      many[i] = new double[] {i, -(double) i};
    }
    assertThat(of(many).digest()).isEqualTo("bebd36cf");
  }

  @Test
  @DisplayName("Beyond the first 10,000 values the array's profile still tells two arrays apart")
  void arrayProfile() {
    double[][] one = new double[10_001][1];
    double[][] other = new double[10_001][1];
    other[10_000][0] = 1;
    assertThat(of(one).digest()).isEqualTo(of(other).digest());
    assertThat(of(one).profile()).isNotEqualTo(of(other).profile());
    assertThat(of(one).profile()).contains("\"features_shape\":[10001,1]");
  }

  @Test
  @DisplayName("A row of another length, a missing file and an empty directory are named")
  void programmersErrors() {
    assertThatThrownBy(() -> Dataset.of("x", new double[][] {{1}}, List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 0 has 1 values, but there are 2 columns");
    assertThatThrownBy(() -> Dataset.file(folder.resolve("absent.bin")))
        .hasMessageContaining("absent.bin");
    assertThatThrownBy(() -> Dataset.dir(folder))
        .hasMessageContaining("there is no file in the directory");
    assertThatThrownBy(() -> Dataset.dir(folder.resolve("absent")))
        .hasMessageContaining("there is no directory");
  }

  @Test
  @DisplayName("Name and source can be replaced; texts longer than MLflow keeps are refused")
  void replaced() {
    Dataset dataset =
        of(new double[][] {{1}}).withName("flights").withSource("s3", "{\"uri\":\"s3://b/f\"}");
    assertThat(dataset.name()).isEqualTo("flights");
    assertThat(dataset.sourceType()).isEqualTo("s3");
    assertThat(dataset.source()).isEqualTo("{\"uri\":\"s3://b/f\"}");
    assertThat(dataset.withName("😀".repeat(500)).name()).hasSize(1_000);
    assertThatThrownBy(() -> dataset.withName("x".repeat(501)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the dataset's name has more than 500 characters");
    assertThatThrownBy(() -> dataset.withSource("s3", "[1]"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Dataset("n", "d".repeat(37), "local", "{}", "", ""))
        .hasMessageContaining("digest");
  }

  private static Dataset of(double[][] rows) {
    List<String> names = List.of("a", "b", "c").subList(0, rows[0].length);
    return Dataset.of("array", rows, names);
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, content);
  }
}
