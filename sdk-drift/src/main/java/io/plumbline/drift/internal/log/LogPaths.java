package io.plumbline.drift.internal.log;

import io.plumbline.internal.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The names of folders and files: {@code
 * _model=NAME/_version=VERSION/_date=YYYY-MM-DD/part-WRITER-START-NUMBER.arrow}, as readers of Hive
 * partitions expect them.
 */
public final class LogPaths {
  /** The folder of the locks of living writers. */
  public static final String WRITERS = ".writers";

  /** What describes the parts beside it. */
  public static final String SCHEMA_FILE = "_schema.json";

  /** The folder of the windows' counts. */
  public static final String WINDOWS = "_windows";

  /** Before the name of a window's file. */
  public static final String WINDOW = "window-";

  /** Behind the name of a part that is still written to. */
  public static final String OPEN = ".inprogress";

  public static final String MODEL = "_model=";
  public static final String VERSION = "_version=";
  public static final String DATE = "_date=";
  public static final String PART = "part-";

  private static final long DAY = 86_400_000_000L;

  /** Longer names have only their beginning and a digest: file systems take 255 bytes. */
  private static final int MAX_VALUE = 200;

  private static final int KEPT = 160;

  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private LogPaths() {}

  /** The day since 1970 that a time in microseconds is in. */
  public static long day(long micros) {
    return Math.floorDiv(micros, DAY);
  }

  /** The first microsecond of a day. */
  public static long start(long day) {
    return day * DAY;
  }

  /**
   * The folder of a day's parts.
   *
   * @throws IllegalArgumentException if the year is not one of 0 to 9999
   */
  public static Path folder(Path root, String model, String version, long day) {
    LocalDate date = LocalDate.ofEpochDay(day);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      throw new IllegalArgumentException(
          "the event time of a row is in the year " + date.getYear() + "; logs have 0 to 9999");
    }
    return root.resolve(MODEL + encode(model))
        .resolve(VERSION + encode(version))
        .resolve(DATE + date);
  }

  /** The name of a writer's part, without its ending. */
  public static String part(String writer, long startMillis, long number) {
    return PART
        + writer
        + "-"
        + START.format(Instant.ofEpochMilli(startMillis))
        + String.format(Locale.ROOT, "-%06d", number);
  }

  /** The name of a writer's file of a window, which begins then. */
  public static String window(Instant begin, String slice, String writer) {
    String which = Sha256.of(slice.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    return WINDOW
        + START.format(begin)
        + "-"
        + (slice.isEmpty() ? "" : which + "-")
        + writer
        + ".json";
  }

  /** The name that an open part gets when it is complete. */
  public static String closed(String open) {
    return open.substring(1, open.length() - OPEN.length());
  }

  /** The writer by a part's name, or an empty text if the name is of another kind. */
  public static String writer(String part) {
    if (part.startsWith("." + PART)) {
      part = part.substring(1);
    }
    int dot = part.lastIndexOf(".arrow");
    String stem = dot < 0 ? part.replaceFirst("\\.jsonl.*", "") : part.substring(0, dot);
    int number = stem.lastIndexOf('-');
    int start = stem.lastIndexOf('-', number - 1);
    return stem.startsWith(PART) && start > PART.length()
        ? stem.substring(PART.length(), start)
        : "";
  }

  /**
   * A name as the value of a partition: letters, digits, {@code _}, {@code -} and inner dots stay,
   * the bytes of all else are written as {@code %} and two hex digits. What would be too long for a
   * file system keeps its beginning, and {@code ~} with the beginning of its SHA-256.
   */
  public static String encode(String name) {
    StringBuilder out = new StringBuilder();
    int kept = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain((char) (b & 0xff)) || b == '.' && out.length() > 0) {
        out.append((char) b);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
      if (out.length() <= KEPT) {
        kept = out.length();
      }
    }
    return out.length() <= MAX_VALUE
        ? out.toString()
        : out.substring(0, kept)
            + "~"
            + Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  private static boolean isPlain(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '-';
  }

  /** A host's name as it may stand in a file's. */
  static String host(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._]+", "_");
    return plain.isEmpty() ? "host" : plain.substring(0, Math.min(40, plain.length()));
  }
}
