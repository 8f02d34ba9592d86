package io.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CsvPropertyTest {

  @Property(tries = 500)
  @Label("What is written as RFC 4180 says reads back as it was")
  void roundTrip(@ForAll("tables") List<List<String>> rows) {
    String text =
        rows.stream()
            .map(
                row ->
                    row.stream()
                        .map(CsvPropertyTest::quoted)
                        .collect(Collectors.joining(",", "", "\r\n")))
            .collect(Collectors.joining("", "a,b,c\r\n", ""));
    assertThat(CsvReaderTest.rows(text)).isEqualTo(rows);
  }

  @Property(tries = 2_000)
  @Label("Every double reads back from its decimal text, bit by bit")
  void doubles(@ForAll double value) {
    byte[] text = ("a\n\"" + value + "\"").getBytes(StandardCharsets.UTF_8);
    double read = CsvTable.read(new ByteArrayInputStream(text), "one.csv").doubles("a")[0];
    assertThat(Double.compare(read, value)).isZero();
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> cells =
        Arbitraries.strings()
            .withChars(',', '"', '\n', '\r', ' ', 'x', 'é', '€', '\uFEFF', '\u0000')
            .ofMaxLength(6);
    return cells.list().ofSize(3).list().ofMaxSize(6);
  }

  private static String quoted(String cell) {
    return cell.matches("[x é€]+") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
