package io.plumbline.drift.internal.page;

import io.plumbline.internal.json.Json;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTML. Elements and attributes are enum constants, and every text is escaped where it is
 * written: there is no way in for a string that is HTML already.
 */
public final class Html {
  /** The pictures that a page may hold. */
  public enum Image {
    PNG("image/png"),
    JPEG("image/jpeg"),
    /**
     * In an {@code img}, where a browser runs none of its scripts and follows none of its links.
     */
    SVG("image/svg+xml");

    private final String type;

    Image(String type) {
      this.type = type;
    }
  }

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<Tag> open = new ArrayDeque<>();
  private boolean inTag;

  /** Begins an element; its attributes follow. */
  public Html open(Tag tag) {
    endTag();
    out.append('<').append(tag.label());
    open.push(tag);
    inTag = true;
    return this;
  }

  /** Begins an element of a class. */
  public Html open(Tag tag, String styleClass) {
    return open(tag).attr(Attr.CLASS, styleClass);
  }

  /** Gives the element that was begun last an attribute. */
  public Html attr(Attr name, String value) {
    return rawAttr(name.label(), value);
  }

  /** Gives the element that was begun last an attribute. */
  public Html attr(Attr name, long value) {
    return rawAttr(name.label(), Long.toString(value));
  }

  /** Gives the element a length or coordinate of a picture, to a hundredth. */
  public Html attr(Attr name, double value) {
    return rawAttr(name.label(), coordinate(value));
  }

  /** Gives the element an attribute that needs no value. */
  public Html flag(Attr name) {
    return rawAttr(name.label(), "");
  }

  /** Links to an element of this page. */
  public Html linkTo(String id) {
    return rawAttr("href", "#" + id);
  }

  /**
   * Links to another page.
   *
   * @throws IllegalArgumentException if it is of a scheme that a browser does not just read
   */
  public Html linkTo(URI target) {
    String scheme = target.getScheme();
    if (scheme != null
        && !scheme.equalsIgnoreCase("file")
        && !scheme.equalsIgnoreCase("https")
        && !scheme.equalsIgnoreCase("http")) {
      throw new IllegalArgumentException(
          "a page links to file, http and https only, not " + scheme);
    }
    return rawAttr("href", target.toASCIIString());
  }

  /** Puts the content of a picture into the {@code img} that was begun. */
  public Html source(Image type, byte[] content) {
    return rawAttr(
        "src", "data:" + type.type + ";base64," + Base64.getEncoder().encodeToString(content));
  }

  private Html rawAttr(String name, String value) {
    if (!inTag) {
      throw new IllegalStateException("the attribute " + name + " must follow the element's start");
    }
    out.append(' ').append(name).append("=\"");
    escape(value);
    out.append('"');
    return this;
  }

  /** Writes text. */
  public Html text(String text) {
    endTag();
    escape(text);
    return this;
  }

  /** Writes an element that holds nothing but text. */
  public Html leaf(Tag tag, String text) {
    return open(tag).text(text).close();
  }

  /** Writes an element of a class that holds nothing but text. */
  public Html leaf(Tag tag, String styleClass, String text) {
    return open(tag, styleClass).text(text).close();
  }

  /** Ends the element that was begun last. */
  public Html close() {
    Tag tag = open.pop();
    endTag();
    if (!tag.empty()) {
      out.append("</").append(tag.label()).append('>');
    }
    return this;
  }

  /** Starts a new line in the file, for whoever reads it as text. */
  public Html line() {
    endTag();
    out.append('\n');
    return this;
  }

  /**
   * Writes a document for the page's own scripts. A browser never runs it: it has a type that is
   * none of a script's.
   *
   * @param id under which the script finds it
   * @param document as for {@link Json#text}
   */
  public Html data(String id, @Nullable Object document) {
    endTag();
    out.append("\n<script type=\"application/json\" id=\"");
    escape(id);
    out.append("\">");
    String json = Json.text(document);
    int written = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      // In JSON these stand in strings only, where an escape means the same.
      if (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
        out.append(json, written, i).append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        written = i + 1;
      }
    }
    out.append(json, written, json.length()).append("</script>\n");
    return this;
  }

  /** Returns how many characters have been written. */
  public int length() {
    return out.length();
  }

  /** Returns what has been written; every element is ended. */
  String content() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not ended: " + open);
    }
    return out.toString();
  }

  private void endTag() {
    if (inTag) {
      out.append('>');
      inTag = false;
    }
  }

  private void escape(String text) {
    if (isPlain(text)) {
      out.append(text);
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> {
          if (isPair(text, i)) {
            out.append(c).append(text.charAt(++i));
          } else if (isHidden(c)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  /** Returns whether there is nothing to escape, as in nearly every text. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'') {
        return false;
      }
    }
    return true;
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  /** What HTML has no place for, and what would turn the direction of the text around it. */
  private static boolean isHidden(char c) {
    boolean control = c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0;
    boolean direction =
        c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f;
    return control || direction || Character.isSurrogate(c) || c >= 0xfffe;
  }

  static String coordinate(double value) {
    long hundredths = Math.round(value * 100);
    if (hundredths % 100 == 0) {
      return Long.toString(hundredths / 100);
    }
    StringBuilder text = new StringBuilder(hundredths < 0 ? "-" : "");
    long size = Math.abs(hundredths);
    text.append(size / 100).append('.').append(size / 10 % 10);
    return (size % 10 == 0 ? text : text.append(size % 10)).toString();
  }
}
