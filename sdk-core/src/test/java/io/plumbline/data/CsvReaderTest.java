package io.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {

  @TempDir Path folder;

  @Test
  @DisplayName(
      "Quotes, doubled quotes, commas and line breaks inside quotes are read as RFC 4180 says")
  void quotes() {
    assertThat(rows("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n\"\",z"))
        .containsExactly(List.of("x,\"y\"", "1\r\n2"), List.of("", "z"));
  }

  @ParameterizedTest(name = "separator {index}")
  @DisplayName("LF, CRLF and CR end a line, and the last line needs none")
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void lineEnds(String end) {
    String text = "a,b" + end + "1,2" + end + "3,4";
    assertThat(rows(text)).containsExactly(List.of("1", "2"), List.of("3", "4"));
    assertThat(rows(text + end)).containsExactly(List.of("1", "2"), List.of("3", "4"));
  }

  @Test
  @DisplayName("A byte order mark and empty lines are skipped; a quoted empty cell is a row")
  void skipped() {
    assertThat(rows("\uFEFFa\n\nx\n\n\"\"\n\n")).containsExactly(List.of("x"), List.of(""));
  }

  @Test
  @DisplayName("A gzip file is known by its first bytes, whatever its name")
  void gzip() throws IOException {
    Path file = folder.resolve("data.txt");
    Files.write(file, gzipped("a,b\n1,é\n"));
    try (CsvReader csv = CsvReader.open(file)) {
      assertThat(csv.columns()).containsExactly("a", "b");
      assertThat(csv.next()).isTrue();
      assertThat(csv.text(csv.column("b"))).isEqualTo("é");
      assertThat(csv.next()).isFalse();
    }
  }

  @Test
  @DisplayName("A gzip file that was cut is refused, not read as a shorter table")
  void cutGzip() {
    byte[] whole = gzipped("a,b\n" + "1,2\n".repeat(10_000));
    byte[] cut = Arrays.copyOf(whole, whole.length - 9);
    assertThatThrownBy(() -> CsvTable.read(new ByteArrayInputStream(cut), "cut.csv.gz"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageStartingWith("'cut.csv.gz' is not a whole gzip file");
  }

  @Test
  @DisplayName("Rows and cells that are longer than any buffer are read whole")
  void longCells() {
    String cell = "€\"".repeat(100_000);
    assertThat(rows("a,b\n1,\"" + cell.replace("\"", "\"\"") + "\"\nx,y"))
        .containsExactly(List.of("1", cell), List.of("x", "y"));
  }

  @ParameterizedTest(name = "{1}")
  @DisplayName("A malformed file is refused with file, line and what is wrong")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,b;1|'bad.csv', line 2: it has 1 cells, but the header has 2",
        "a,b;1,2;;1,2,3|'bad.csv', line 4: it has 3 cells, but the header has 2",
        "a;\"x;;y|'bad.csv', line 2: the quote that begins cell 1 is never closed",
        "a;\"x\";\"x\"y|'bad.csv', line 3: something follows the closing quote of cell 1",
        "a,b;1,x\"y|'bad.csv', line 2: cell 2 has a quote but does not begin with one",
        "a,a;1,2|'bad.csv', line 1: two columns are named 'a'",
        "``|'bad.csv' is empty; its first line must name the columns",
        "\"q;q\",b;1|'bad.csv', line 3: it has 1 cells"
      })
  void malformed(String text, String message) {
    assertThatThrownBy(() -> rows(text.replace(';', '\n')))
        .isInstanceOf(IntegrityException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  @DisplayName("More than 65,536 columns or 16 MiB in a row are refused")
  void limits() {
    assertThatThrownBy(() -> rows(",".repeat(70_000))).hasMessageContaining("65536 cells");
    assertThatThrownBy(() -> rows("a\n\"" + "x".repeat((16 << 20) + 1)))
        .hasMessageContaining("16777216 bytes");
  }

  @Test
  @DisplayName(
      "A cell that is no number, no integer or not UTF-8 is named by file, line and column")
  void badCells() {
    CsvReader csv = reader("a,b\n\n1.5,x\u0007y".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(csv.next()).isTrue();
    assertThat(csv.line()).isEqualTo(3);
    assertThatThrownBy(() -> csv.number(1))
        .isInstanceOf(IntegrityException.class)
        .hasMessageStartingWith("'bad.csv', line 3: the cell of column 'b' is not a number: 'x")
        .hasMessageNotContaining("\u0007");
    assertThatThrownBy(() -> csv.integer(0)).hasMessageEndingWith("'a' is not an integer: '1.5'");
    CsvReader latin = reader("a\né".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(latin.next()).isTrue();
    assertThatThrownBy(() -> latin.text(0))
        .isInstanceOf(IntegrityException.class)
        .hasMessage("'bad.csv', line 2: the cell of column 'a' is not UTF-8");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("Numbers are read as Double.parseDouble reads them, with blanks around them allowed")
  @CsvSource({
    "1, 1",
    "-0, -0.0",
    "+7, 7",
    "1., 1",
    ".5, 0.5",
    "1e3, 1000",
    "-2.5E-3, -0.0025",
    "' 4\t', 4",
    "'', NaN",
    "'  ', NaN",
    "NaN, NaN",
    "nan, NaN",
    "inf, Infinity",
    "-Infinity, -Infinity",
    "1e400, Infinity",
    "1e-400, 0",
    "0.1, 0.1",
    "9007199254740993, 9007199254740992",
    "9223372036854775808, 9.223372036854775808E18",
    "123456789012345678901234567890, 1.2345678901234568E29",
    "0000000000000000000000000.25, 0.25",
    "2.2250738585072011e-308, 2.2250738585072011e-308",
    "1e99999999999999999999, Infinity"
  })
  void numbers(String cell, double expected) {
    CsvReader csv = reader(("a,b\n" + cell + ",x").getBytes(StandardCharsets.UTF_8));
    assertThat(csv.next()).isTrue();
    assertThat(Double.compare(csv.number(0), expected)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("What only Java takes for a number is refused: suffixes, hex, and the like")
  @ValueSource(
      strings = {
        "1d", "1f", "0x1p3", "1_000", "1e", "e5", ".", "-", "+", "--1", "1 2", "NA", "1,5", "true"
      })
  void notNumbers(String cell) {
    CsvReader csv = reader(("a\n\"" + cell + "\"").getBytes(StandardCharsets.UTF_8));
    assertThat(csv.next()).isTrue();
    assertThatThrownBy(() -> csv.number(0)).isInstanceOf(IntegrityException.class);
  }

  @Test
  @DisplayName("The smallest and largest long are integers; one more is not")
  void longs() {
    CsvReader csv =
        reader(
            "a,b,c\n-9223372036854775808,9223372036854775807,9223372036854775808"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(csv.next()).isTrue();
    assertThat(csv.integer(0)).isEqualTo(Long.MIN_VALUE);
    assertThat(csv.integer(1)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> csv.integer(2)).isInstanceOf(IntegrityException.class);
  }

  @Test
  @DisplayName("A programmer's errors are named: no file, no column, no row")
  void programmersErrors() {
    assertThatThrownBy(() -> CsvReader.open(folder.resolve("absent.csv")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absent.csv");
    CsvReader csv = reader("a,b\n1,2".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> csv.column("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no column 'c'; there are [a, b]");
    assertThatThrownBy(() -> csv.text(0)).isInstanceOf(IllegalStateException.class);
    assertThat(csv.next()).isTrue();
    assertThatThrownBy(() -> csv.text(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(csv.next()).isFalse();
    assertThatThrownBy(() -> csv.text(0)).isInstanceOf(IllegalStateException.class);
  }

  private static CsvReader reader(byte[] bytes) {
    return CsvReader.of(new ByteArrayInputStream(bytes), "bad.csv");
  }

  static List<List<String>> rows(String text) {
    List<List<String>> rows = new ArrayList<>();
    try (CsvReader csv = reader(text.getBytes(StandardCharsets.UTF_8))) {
      while (csv.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < csv.columns().size(); i++) {
          row.add(csv.text(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static byte[] gzipped(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }
}
