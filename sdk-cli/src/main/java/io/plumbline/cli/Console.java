package io.plumbline.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where a command prints: what the terminal can show, and how wide it is. */
final class Console {
  /** Standard output can't take more. */
  static final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputException(IOException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }

    /** Returns whether its reader has simply gone, as {@code head} does. */
    boolean isBrokenPipe() {
      String text = String.valueOf(getMessage()).toLowerCase(Locale.ROOT);
      return text.contains("broken pipe") || text.contains("pipe is being closed");
    }
  }

  private static final int NARROWEST = 40;
  private static final int USUAL = 80;

  private final OutputStream bytes;
  private final Writer out;
  private final Writer err;
  private final boolean terminal;
  private final boolean errTerminal;
  private final boolean colour;
  private final boolean unicode;
  private final int width;

  /**
   * Makes a console.
   *
   * @param bytes standard output
   * @param charset how text is written to it
   * @param err standard error
   * @param terminal whether standard output is one
   * @param errTerminal whether standard error is one
   * @param colour whether colours are wanted
   * @param width cells in a line; the largest int for no bound
   */
  Console(
      OutputStream bytes,
      Charset charset,
      Writer err,
      boolean terminal,
      boolean errTerminal,
      boolean colour,
      int width) {
    this.bytes = bytes;
    this.out = new BufferedWriter(new OutputStreamWriter(bytes, charset), 1 << 16);
    this.err = err;
    this.terminal = terminal;
    this.errTerminal = errTerminal;
    this.colour = colour;
    this.unicode = charset.newEncoder().canEncode('\u28ff');
    this.width = width;
  }

  /** Makes the console of this process. */
  static Console system() {
    boolean terminal = isTerminal(1);
    Charset charset = terminal ? nativeCharset() : StandardCharsets.UTF_8;
    Map<String, String> env = System.getenv();
    boolean colour = terminal && env.get("NO_COLOR") == null && !"dumb".equals(env.get("TERM"));
    return new Console(
        new FileOutputStream(FileDescriptor.out),
        charset,
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), nativeCharset()),
        terminal,
        isTerminal(2),
        colour,
        systemWidth(terminal, env.get("COLUMNS")));
  }

  @SuppressWarnings("SystemConsoleNull") // newer JDKs are asked again below
  private static boolean isTerminal(int descriptor) {
    try {
      Path link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return link.startsWith("/dev/pts") || link.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      // No such folder: macOS, Windows. There both ends are asked at once.
      java.io.Console console = System.console();
      return console != null && isInteractive(console);
    }
  }

  /** From JDK 22 on there is a console even without a terminal, and it says so. */
  private static boolean isInteractive(java.io.Console console) {
    try {
      Object answer = java.io.Console.class.getMethod("isTerminal").invoke(console);
      return Boolean.TRUE.equals(answer);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private static Charset nativeCharset() {
    String name = System.getProperty("native.encoding");
    try {
      return name == null ? Charset.defaultCharset() : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return Charset.defaultCharset();
    }
  }

  private static int systemWidth(boolean terminal, @Nullable String columns) {
    if (columns != null && columns.matches("[1-9][0-9]{0,4}")) {
      return Math.max(NARROWEST, Integer.parseInt(columns));
    }
    return terminal ? Math.max(NARROWEST, askTerminal()) : Integer.MAX_VALUE;
  }

  private static int askTerminal() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroy();
      }
      String[] rowsAndColumns = answer.trim().split(" ");
      int columns = rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : 0;
      return columns > 0 ? columns : USUAL;
    } catch (IOException | NumberFormatException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /** Returns whether a person reads standard output. */
  boolean isTerminal() {
    return terminal;
  }

  /** Returns how many cells a line has; the largest int for no bound. */
  int width() {
    return width;
  }

  /** Returns whether characters beyond ASCII, such as those of charts, can be shown. */
  boolean isUnicode() {
    return unicode;
  }

  String ellipsis() {
    return unicode ? "…" : "~";
  }

  /** Returns the text in a style, if colours are wanted. */
  String styled(String text, Style style) {
    return colour ? style.apply(text) : text;
  }

  boolean isColoured() {
    return colour;
  }

  /** Prints a line to standard output. */
  void line(String text) {
    print(text);
    print("\n");
  }

  /** Prints an empty line. */
  void line() {
    print("\n");
  }

  /** Prints to standard output. */
  void print(String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Returns standard output for bytes; text that was printed before comes before them. */
  OutputStream bytes() {
    flush();
    return bytes;
  }

  /** Returns standard output for text. */
  Writer writer() {
    return out;
  }

  /** Sends on what was printed. */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Prints a line to standard error. */
  void error(String text) {
    try {
      err.write(text + "\n");
      err.flush();
    } catch (IOException e) {
      // Nobody is there to be told.
    }
  }

  /** Returns a line on standard error that shows how far long work is; silent without a person. */
  Progress progress() {
    return errTerminal ? new Progress(err, Math.min(width, 100)) : Progress.NONE;
  }
}
