package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.tracking.TrackingClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands that predict")
class PredictCommandsTest {
  private static final Signature DOUBLES = Signature.doubles(List.of("a", "b"), "late");
  private static final String ROW =
      "{\"d\": 1, \"f\": 0.5, \"i\": 2, \"l\": 3.0, \"b\": true, \"o\": null}";

  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void fill() {
    cli = new Cli(folder.resolve("store"));
    register("sum", SumLoader.pack(1, SumLoader.typed()));
    register("doubles", SumLoader.pack(0.1, DOUBLES));
  }

  private void register(String name, ModelPackage model) {
    String[] id = {""};
    try (TrackingClient tracking = cli.open()) {
      tracking.run(
          "x",
          run -> {
            id[0] = run.id();
            run.logModel("model", model);
          });
    }
    assertThat(cli.run("register", name, id[0]).code()).isZero();
  }

  private Path file(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Cli.Answer predict(String ref, String json) {
    return cli.run("predict", ref, "--input", file("row.json", json).toString());
  }

  // ---- predict

  @Test
  @DisplayName("take JSON numbers as what the signature says: a whole number is a double, too")
  void types() {
    Cli.Answer answer = predict("sum/1", ROW);
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).isEqualTo("sum\n7.5\n");
    assertThat(predict("sum/1", ROW.replace("\"o\": null", "\"o\": 4")).out()).contains("11.5");
    assertThat(predict("sum/1", ROW.replace("\"l\": 3.0", "\"l\": 9007199254740993")).out())
        .contains("9007199254740996");
    assertThat(predict("sum/1", ROW.replace("\"d\": 1", "\"d\": \"NaN\"")).out()).contains("6.5");
  }

  @Test
  @DisplayName("name the input that a value does not fit, or that is missing, and its row")
  void wrongValues() {
    assertThat(predict("sum/1", ROW.replace("\"d\": 1", "\"d\": \"one\"")))
        .satisfies(answer -> assertThat(answer.code()).isEqualTo(2))
        .satisfies(
            answer ->
                assertThat(answer.err())
                    .contains("the input 'd' is double", "the text 'one'", "row.json"));
    assertThat(predict("sum/1", ROW.replace("\"i\": 2", "\"i\": 2.5")).err())
        .contains("the input 'i' is integer", "2.5", "32 bits");
    assertThat(predict("sum/1", ROW.replace("\"i\": 2", "\"i\": 3000000000")).err())
        .contains("the input 'i' is integer");
    assertThat(predict("sum/1", ROW.replace("true", "1")).err()).contains("the input 'b'");
    assertThat(predict("sum/1", ROW.replace("0.5", "1e300")).err()).contains("the input 'f'");
    assertThat(predict("sum/1", "[" + ROW + ", {\"d\": 1}]").err())
        .contains("row 2 of ", "'f' is missing");
    assertThat(predict("sum/1", ROW.replace("\"d\"", "\"dd\"")).err()).contains("'d' is missing");
    Cli.Answer more = predict("sum/1", ROW.replace("}", ", \"extra\": 1}"));
    assertThat(more.code()).isZero();
    assertThat(more.err()).contains("left out: extra");
  }

  @Test
  @DisplayName("take several rows, by names, in split form and by position")
  void forms() {
    String expected = "late\n 0.5\n 1.0\n";
    assertThat(predict("doubles/1", "[{\"a\": 2, \"b\": 3}, {\"a\": 4, \"b\": 6}]").out())
        .isEqualTo(expected);
    String split = "{\"columns\": [\"b\", \"a\"], \"data\": [[3, 2], [6, 4]]}";
    assertThat(predict("doubles/1", split).out()).isEqualTo(expected);
    assertThat(predict("doubles/1", "{\"dataframe_split\": " + split + "}").out())
        .isEqualTo(expected);
    assertThat(predict("doubles/1", "[[2, 3], [4, 6]]").out()).isEqualTo(expected);
    assertThat(predict("doubles/1", "[1, 2]").lines()).hasSize(2);
    for (String wrong : List.of("[]", "{", "[1]", "3", "{\"data\": []}", "[{\"a\": 1}, 2]")) {
      Cli.Answer answer = predict("doubles/1", wrong);
      assertThat(answer.code()).as(wrong).isEqualTo(2);
      assertThat(answer.err()).as(wrong).contains("row.json").hasLineCount(1);
      assertThat(answer.out()).isEmpty();
    }
  }

  @Test
  @DisplayName("answer in JSON, from standard input, and without a signature by position")
  void json() {
    register("plain", SumLoader.plain(2, 3));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("[1, 2, 3]".getBytes(StandardCharsets.UTF_8)));
    try {
      JsonObject json = cli.run("predict", "plain/1", "-i", "-", "--json").json();
      assertThat(json.string("uri")).isEqualTo("models:/plain/1");
      assertThat(json.objects("predictions").get(0).doubleValue("prediction")).isEqualTo(12);
    } finally {
      System.setIn(before);
    }
    assertThat(predict("plain/1", "[1, 2]").err()).contains("takes 3");
    assertThat(predict("plain/1", "{\"a\": 1}").err()).contains("by position");
    assertThat(predict("plain/2", "[1]").code()).isEqualTo(3);
    assertThat(cli.run("predict", "plain/1").code()).isEqualTo(2);
    assertThat(cli.run("predict", "plain/1", "-i", "nowhere.json").err()).contains("no file");
    register("unknown", ModelPackage.of("no-such-flavor", Map.of()));
    Cli.Answer unknown = predict("unknown/1", "[1]");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("no-such-flavor");
  }

  // ---- score

  private Cli.Answer score(String ref, Path in, String... more) {
    List<String> call =
        new java.util.ArrayList<>(
            List.of("score", ref, in.toString(), folder.resolve("out.csv").toString()));
    call.addAll(List.of(more));
    return cli.run(call.toArray(String[]::new));
  }

  private Path rows(int count) {
    StringBuilder csv = new StringBuilder("id,b,a\n");
    for (int i = 0; i < count; i++) {
      csv.append(i).append(',').append(i % 7).append(',').append(i).append('\n');
    }
    return file("in.csv", csv.toString());
  }

  private List<String> scored() throws IOException {
    return Files.readAllLines(folder.resolve("out.csv"));
  }

  private void nothingIsLeft() {
    assertThat(folder.resolve("out.csv.part")).doesNotExist();
    assertThat(folder.resolve("out.csv.part.state")).doesNotExist();
  }

  @Test
  @DisplayName("score a CSV file in its order, whatever the number of threads")
  void score() throws IOException {
    Path in = rows(12_345);
    Cli.Answer answer = score("doubles/1", in, "--threads", "3");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).startsWith("Scored 12,345 rows with models:/doubles/1 in ");
    List<String> lines = scored();
    assertThat(lines.size()).isEqualTo(12_346);
    assertThat(lines.subList(0, 3)).containsExactly("id,b,a,late", "0,0,0,0.0", "1,1,1,0.2");
    assertThat(lines.get(12_000)).isEqualTo("11999,1,11999,1200.0");
    nothingIsLeft();
    JsonObject json = score("doubles/1", in, "--threads", "1", "--json").json();
    assertThat(json.longValue("rows")).isEqualTo(12_345);
    assertThat(json.longValue("resumedAfter")).isZero();
    assertThat(scored()).isEqualTo(lines);
  }

  @Test
  @DisplayName("score all types, quote what needs it, read gzip, and keep a label of the same name")
  void scoreTypes() throws IOException {
    Path in = folder.resolve("in.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(in))) {
      String csv =
          "note,d,f,i,l,b,o,sum\n\"a, \"\"b\"\"\",1,0.5,2,3,true,,x\nplain,,0.5,2,3,FALSE,4,y\n";
      out.write(csv.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(score("sum/1", in).err()).isEmpty();
    assertThat(scored())
        .containsExactly(
            "note,d,f,i,l,b,o,sum,sum_predicted",
            "\"a, \"\"b\"\"\",1,0.5,2,3,true,,x,7.5",
            "plain,,0.5,2,3,FALSE,4,y,9.5");

    Signature text =
        Signature.builder().input("t", DataType.STRING).input("n", DataType.INTEGER).build();
    register("text", SumLoader.pack(1, text));
    assertThat(score("text/1", file("t.csv", "t,n\nabc,1\n,2\n")).err()).isEmpty();
    assertThat(scored()).containsExactly("t,n,prediction", "abc,1,4.0", ",2,2.0");
    score("doubles/1", file("none.csv", "a,b\n"));
    assertThat(scored()).containsExactly("a,b,late");
  }

  @Test
  @DisplayName("check the header once, before anything is written, and name cells that don't fit")
  void scoreWrong() throws IOException {
    Cli.Answer lacks = score("doubles/1", file("x.csv", "a,c\n1,2\n"));
    assertThat(lacks.code()).isEqualTo(2);
    assertThat(lacks.err()).contains("x.csv lacks [b]", "models:/doubles/1 requires", "[a, c]");
    Cli.Answer cell = score("doubles/1", file("x.csv", "a,b\n1,2\n1,two\n"));
    assertThat(cell.code()).isEqualTo(1);
    assertThat(cell.err()).contains("line 3", "'b'", "'two'");
    nothingIsLeft();
    String head = "d,f,i,l,b,o\n";
    assertThat(score("sum/1", file("x.csv", head + "1,1,,1,true,\n")).err())
        .contains("line 2: the input 'i' is integer", "it is empty");
    assertThat(score("sum/1", file("x.csv", head + "1,1,1,1,yes,\n")).err())
        .contains("the input 'b' is boolean", "'yes'");
    assertThat(score("doubles/1", folder.resolve("none.csv")).code()).isEqualTo(2);
    Path in = rows(1);
    assertThat(cli.run("score", "doubles/1", in.toString(), in.toString()).code()).isEqualTo(2);
    assertThat(cli.run("score", "doubles/1", in.toString(), in + ".gz").code()).isEqualTo(2);
    assertThat(score("doubles/1", in, "--threads", "0").code()).isEqualTo(2);
    register("plain", SumLoader.plain(1, 2));
    assertThat(score("plain/1", in).err()).contains("no signature with named columns");
    assertThat(folder.resolve("out.csv")).doesNotExist();
    assertThat(Files.readString(in)).hasLineCount(2);
  }

  /** Breaks one cell without changing the size or the time, and mends it again. */
  private static void exchange(Path in, String from, String to) throws IOException {
    FileTime time = Files.getLastModifiedTime(in);
    Files.writeString(in, Files.readString(in).replace(from, to));
    Files.setLastModifiedTime(in, time);
  }

  @Test
  @DisplayName("go on after an interruption, to the same bytes, if input and model are the same")
  void resume() throws IOException {
    Path in = rows(10_000);
    score("doubles/1", in);
    String whole = Files.readString(folder.resolve("out.csv"));
    Files.delete(folder.resolve("out.csv"));

    exchange(in, "\n8765,1,8765\n", "\n8765,1,876x\n");
    assertThat(score("doubles/1", in, "--threads", "2").code()).isEqualTo(1);
    assertThat(folder.resolve("out.csv")).doesNotExist();
    // What was written after the state was kept is written again.
    Path part = folder.resolve("out.csv.part");
    Files.writeString(part, Files.readString(part) + "torn,li");
    exchange(in, "\n8765,1,876x\n", "\n8765,1,8765\n");

    Cli.Answer answer = score("doubles/1", in, "--json");
    assertThat(answer.err()).contains("going on after 8,000 rows");
    assertThat(answer.json().longValue("resumedAfter")).isEqualTo(8_000);
    assertThat(answer.json().longValue("rows")).isEqualTo(10_000);
    assertThat(Files.readString(folder.resolve("out.csv"))).isEqualTo(whole);
    nothingIsLeft();
  }

  @Test
  @DisplayName("begin anew, and say why, if the input or the model is another one")
  void anew() throws IOException {
    register("doubles", SumLoader.pack(0.2, DOUBLES));
    Path in = rows(3_000);
    exchange(in, "\n2500,1,2500\n", "\n2500,1,250x\n");
    assertThat(score("doubles/1", in).code()).isEqualTo(1);
    Cli.Answer other = score("doubles/2", in);
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("scored with another model: this one begins anew");
    rows(3_000);
    Files.setLastModifiedTime(in, FileTime.fromMillis(1_000_000_000_000L));
    Cli.Answer changed = score("doubles/2", in);
    assertThat(changed.err()).contains("the input has changed since: this one begins anew");
    assertThat(scored()).hasSize(3_001).contains("10,3,10,2.6");
    Files.writeString(folder.resolve("out.csv.part"), "what is this");
    assertThat(score("doubles/2", in).err()).contains("can't be read: this one begins anew");
    assertThat(scored()).hasSize(3_001);
    nothingIsLeft();
  }

  @Test
  @DisplayName("predict and score with LightGBM, which is on the class path, to the same numbers")
  void lightGbm() throws Exception {
    double[][] rows = new double[200][];
    double[] labels = new double[200];
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {i % 20, i / 20.0};
      labels[i] = i % 20 > 9 ? 1 : 0;
      csv.append(rows[i][0]).append(',').append(rows[i][1]).append('\n');
    }
    Map<String, Object> params =
        Map.of("objective", "binary", "min_data_in_leaf", 5, "verbosity", -1);
    double expected;
    ModelPackage model;
    try (var data = LightGbm.trainingData(params, List.of("x", "y"), rows, labels);
        var booster = LightGbm.booster(params, data)) {
      LightGbm.train(booster, 5);
      expected = LightGbm.predict(booster, rows)[7];
      model = LightGbm.pack(booster).with(LightGbm.signature(booster, "p"));
    }
    register("gbm", model);
    Path row = file("r.json", "{\"x\": 7, \"y\": 0.35}");
    JsonObject json = cli.run("predict", "gbm/1", "-i", row.toString(), "--json").json();
    assertThat(json.objects("predictions").get(0).doubleValue("p")).isEqualTo(expected);
    assertThat(score("gbm/1", file("in.csv", csv.toString())).err()).isEmpty();
    assertThat(scored().get(8)).isEqualTo("7.0,0.35," + Json.text(expected));
  }
}
