package io.plumbline.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON text into plain Java values and back.
 *
 * <p>The values are {@code LinkedHashMap<String, Object>}, {@code ArrayList<Object>}, {@code
 * String}, {@code Boolean}, {@code null}, and for numbers {@code Long}, {@code BigInteger}
 * (integers beyond 64 bits) or {@code Double} (all that have a fraction or an exponent). JSON has
 * no NaN and no infinities: they are written as the strings {@code "NaN"}, {@code "Infinity"} and
 * {@code "-Infinity"}, and {@link JsonObject#doubleValue} reads them back.
 *
 * <p>Reading refuses, with a {@link JsonException} that names the position: a document of more than
 * 64 MiB, more than 64 levels, numbers of more than 1,000 characters, names of more than 50,000
 * characters, numbers beyond the range of a double, duplicate names, encodings other than UTF-8,
 * comments, bare {@code NaN}, and anything after the value.
 */
public final class Json {
  static final int MAX_DEPTH = 64;
  static final int MAX_BYTES = 64 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxDocumentLength(MAX_BYTES)
                  .maxStringLength(MAX_BYTES)
                  .maxNumberLength(1_000)
                  .maxNameLength(50_000)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Names come from outside: they must not stay behind in the JVM's table of strings.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          // Jackson's default keeps buffers in thread locals, which would pin our class loader.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(16))
          .build();

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @param utf8 the whole document in UTF-8, without a byte order mark
   * @throws JsonException when it is not one well-formed value within the limits
   */
  public static @Nullable Object parse(byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      throw new JsonException(
          "JSON of " + utf8.length + " bytes; at most " + MAX_BYTES + " are read");
    }
    try {
      // Decoded here, strictly: the parser would guess UTF-16 and let malformed UTF-8 pass.
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("not valid JSON: the text is not UTF-8", e);
    }
  }

  /**
   * Reads one JSON value.
   *
   * @param text the whole document
   * @throws JsonException when it is not one well-formed value within the limits
   */
  public static @Nullable Object parse(String text) {
    if (text.length() > MAX_BYTES) {
      throw new JsonException(
          "JSON of " + text.length() + " characters; at most " + MAX_BYTES + " are read");
    }
    return parseChecked(text);
  }

  /**
   * Reads one JSON value up to the end of the stream, which stays open.
   *
   * @param utf8 the whole document in UTF-8
   * @throws JsonException when it is not one well-formed value within the limits
   * @throws IOException when the stream fails
   */
  public static @Nullable Object parse(InputStream utf8) throws IOException {
    byte[] bytes = utf8.readNBytes(MAX_BYTES + 1);
    return parse(bytes);
  }

  /**
   * Reads a JSON object.
   *
   * @param utf8 the whole document in UTF-8
   * @param place what it is, for error texts, such as {@code run.json}
   * @throws JsonException when it is not one well-formed object within the limits
   */
  public static JsonObject object(byte[] utf8, String place) {
    return object(place, () -> parse(utf8));
  }

  /**
   * Reads a JSON object.
   *
   * @param text the whole document
   * @param place what it is, for error texts, such as {@code run.json}
   * @throws JsonException when it is not one well-formed object within the limits
   */
  public static JsonObject object(String text, String place) {
    return object(place, () -> parse(text));
  }

  private static JsonObject object(String place, Supplier<@Nullable Object> reading) {
    Object value;
    try {
      value = reading.get();
    } catch (JsonException e) {
      throw new JsonException(place + ": " + e.getMessage(), e);
    }
    return JsonObject.of(value, place);
  }

  /**
   * Writes a value as compact JSON in UTF-8.
   *
   * <p>Maps keep their order. A double keeps its kind ({@code 1.0} stays {@code 1.0}) and is
   * written with the fewest digits that read back as the same double. Half a surrogate pair is
   * written as an escape, so every string reads back as it was.
   *
   * @param value Map with String keys, Iterable, CharSequence, Number, Boolean or null
   * @throws JsonException for another type, or more than 64 levels
   */
  public static byte[] bytes(@Nullable Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a value as compact JSON, as {@link #bytes} does, into a string. */
  public static String text(@Nullable Object value) {
    return new JsonWriter(JsonWriter.Form.COMPACT).write(value);
  }

  /** Writes a value as JSON for people: two spaces a level, one entry a line, no final newline. */
  public static String pretty(@Nullable Object value) {
    return new JsonWriter(JsonWriter.Form.PRETTY).write(value);
  }

  /**
   * Writes a value in the canonical form of RFC 8785 (JSON Canonicalization Scheme): names sorted
   * by UTF-16 code units, numbers in ECMAScript's form, no white space. Equal values give equal
   * bytes on every JDK.
   *
   * @param value as for {@link #bytes}
   * @throws JsonException also for what the RFC cannot express: a lone surrogate, and an integer or
   *     decimal that would read as another number, because its numbers are doubles (write it as a
   *     string). NaN and infinities are strings here as everywhere
   */
  public static byte[] canonical(@Nullable Object value) {
    return new JsonWriter(JsonWriter.Form.CANONICAL).write(value).getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable Object parseChecked(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new JsonException("the JSON text is empty");
      }
      Object value = value(parser, first);
      if (parser.nextToken() != null) {
        throw refused(parser, "something follows the JSON value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new JsonException(
          "not valid JSON" + at(e.getLocation()) + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      // A string is the only input, so this is unreachable unless the parser changes.
      throw new JsonException("not valid JSON: " + e.getMessage(), e);
    }
  }

  // The recursion ends at MAX_DEPTH, which the parser enforces.
  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> map(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number)) {
          throw refused(parser, "a number is out of range");
        }
        yield number;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw refused(parser, "unexpected " + token);
    };
  }

  private static Number integer(JsonParser parser) throws IOException {
    if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    BigInteger big = parser.getBigIntegerValue();
    if (Double.isInfinite(big.doubleValue())) {
      throw refused(parser, "a number is out of range");
    }
    return big;
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonToken next = next(parser); next != JsonToken.END_ARRAY; next = next(parser)) {
      list.add(value(parser, next));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (next(parser) != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (map.containsKey(name)) {
        throw refused(
            parser,
            "the name " + JsonWriter.quotedForPeople(name) + " appears twice in one object");
      }
      map.put(name, value(parser, next(parser)));
    }
    return map;
  }

  private static JsonToken next(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw refused(parser, "the text ends too early");
    }
    return token;
  }

  private static JsonException refused(JsonParser parser, String why) {
    return new JsonException("not valid JSON" + at(parser.currentTokenLocation()) + ": " + why);
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
