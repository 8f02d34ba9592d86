package io.plumbline.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes one value as JSON text; the three forms differ in order, white space and numbers only. */
final class JsonWriter {
  enum Form {
    COMPACT,
    PRETTY,
    CANONICAL
  }

  private static final String HEX = "0123456789abcdef";

  private final Form form;
  private final StringBuilder out = new StringBuilder(256);

  JsonWriter(Form form) {
    this.form = form;
  }

  String write(@Nullable Object value) {
    value(value, 0);
    return out.toString();
  }

  private void value(@Nullable Object value, int depth) {
    if (value == null) {
      out.append("null");
    } else if (value instanceof CharSequence text) {
      string(text);
    } else if (value instanceof Boolean bool) {
      out.append(bool.booleanValue());
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Map<?, ?> map) {
      object(map, nested(depth));
    } else if (value instanceof Iterable<?> items) {
      array(items, nested(depth));
    } else {
      throw new JsonException(
          "cannot write a "
              + value.getClass().getName()
              + " as JSON; use maps, lists, strings, numbers, booleans");
    }
  }

  private static int nested(int depth) {
    // What is written must be readable again; the limit also ends a structure that contains itself.
    if (depth >= Json.MAX_DEPTH) {
      throw new JsonException("more than " + Json.MAX_DEPTH + " levels of JSON");
    }
    return depth + 1;
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    // String.compareTo is the order of UTF-16 code units that RFC 8785 asks for.
    Map<?, ?> ordered = form == Form.CANONICAL ? new TreeMap<Object, @Nullable Object>(map) : map;
    for (Map.Entry<?, ?> entry : ordered.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new JsonException("a JSON object's names are strings, not " + entry.getKey());
      }
      separate(first, depth);
      first = false;
      string(name);
      out.append(form == Form.PRETTY ? ": " : ":");
      value(entry.getValue(), depth);
    }
    end('}', first, depth);
  }

  private void array(Iterable<?> items, int depth) {
    out.append('[');
    boolean first = true;
    for (Iterator<?> i = items.iterator(); i.hasNext(); first = false) {
      separate(first, depth);
      value(i.next(), depth);
    }
    end(']', first, depth);
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    if (form == Form.PRETTY) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  private void end(char bracket, boolean empty, int depth) {
    if (form == Form.PRETTY && !empty) {
      out.append('\n').append("  ".repeat(depth - 1));
    }
    out.append(bracket);
  }

  private void number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      floating(number.doubleValue());
    } else if (form == Form.CANONICAL) {
      exact(number);
    } else if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte
        || number instanceof BigInteger
        || number instanceof BigDecimal) {
      out.append(number);
    } else {
      throw new JsonException("cannot write a " + number.getClass().getName() + " as JSON");
    }
  }

  private void floating(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      string(Double.toString(number));
      return;
    }
    int start = out.length();
    if (form != Form.CANONICAL && number == 0 && 1 / number < 0) {
      out.append('-');
    }
    EcmaNumber.append(out, number);
    if (form != Form.CANONICAL && out.indexOf(".", start) < 0 && out.indexOf("e", start) < 0) {
      out.append(".0");
    }
  }

  /**
   * Appends a number that is no double, if the double nearest to it is written with the same value.
   */
  private void exact(Number number) {
    BigDecimal wanted;
    try {
      wanted = new BigDecimal(number.toString());
    } catch (NumberFormatException e) {
      throw new JsonException("cannot write a " + number.getClass().getName() + " as JSON", e);
    }
    int start = out.length();
    double nearest = wanted.doubleValue();
    if (!Double.isInfinite(nearest)) {
      EcmaNumber.append(out, nearest);
      if (new BigDecimal(out.substring(start)).compareTo(wanted) == 0) {
        return;
      }
    }
    throw new JsonException(
        "canonical JSON cannot hold "
            + number
            + " exactly, because its numbers are doubles; write it as a string");
  }

  private void string(CharSequence text) {
    out.append('"');
    for (int i = plain(text, 0); i < text.length(); i = plain(text, i + 1)) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (Character.isSurrogate(c)) {
        if (form == Form.CANONICAL) {
          throw new JsonException(
              "canonical JSON cannot hold half a surrogate pair (character " + i + ")");
        }
        escape(c);
      } else {
        character(c);
      }
    }
    out.append('"');
  }

  /**
   * Appends what needs no second look, as nearly all texts do from end to end; returns the place
   * behind it.
   */
  private int plain(CharSequence text, int from) {
    int to = from;
    while (to < text.length() && isPlain(text.charAt(to))) {
      to++;
    }
    out.append(text, from, to);
    return to;
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> {
        if (c < ' ') {
          escape(c);
        } else {
          out.append(c);
        }
      }
    }
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 0xf));
    }
  }

  /** The text in quotes, escaped, cut to a length that fits an error message. */
  static String quotedForPeople(String text) {
    return Json.text(text.length() <= 80 ? text : text.substring(0, 79) + "…");
  }
}
