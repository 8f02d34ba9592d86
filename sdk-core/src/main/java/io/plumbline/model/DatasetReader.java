package io.plumbline.model;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.csv.CellScanner;
import io.plumbline.internal.csv.CsvRows;
import io.plumbline.internal.digest.RootDigest;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.json.Json;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Datasets that are files or directories; each file is read once, as a stream. */
final class DatasetReader {
  private static final int DIGEST_LENGTH = 32;
  private static final int MAX_SCHEMA = 1_048_575;

  // What the OpenSSF Model Signing tools leave out at the top of a directory.
  private static final Set<String> NOT_COUNTED =
      Set.of(".git", ".gitignore", ".gitattributes", ".github");

  private DatasetReader() {}

  static Dataset file(Path file) {
    String name = fileName(file).toLowerCase(Locale.ROOT);
    return read(file, name.endsWith(".csv") || name.endsWith(".csv.gz"), false);
  }

  static Dataset csv(Path file) {
    return read(file, true, true);
  }

  static Dataset dir(Path directory) {
    Objects.requireNonNull(directory, "directory");
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "there is no directory " + Printable.quote(directory.toString()));
    }
    Map<String, String> digests = new TreeMap<>(RootDigest.ORDER);
    long size = 0;
    try (Stream<Path> all = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        Path relative = directory.relativize(file);
        if (!NOT_COUNTED.contains(relative.getName(0).toString())) {
          Sha256.FileDigest digest = Sha256.of(file);
          digests.put(relative.toString().replace(File.separatorChar, '/'), digest.sha256());
          size += digest.size();
        }
      }
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (UncheckedIOException e) {
      throw unreadable(directory, e.getCause());
    }
    if (digests.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no file in the directory " + Printable.quote(directory.toString()));
    }
    String root = RootDigest.of(digests);
    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("num_files", digests.size());
    profile.put("size_bytes", size);
    profile.put("root_sha256", root);
    return local(directory, root, "", profile);
  }

  /** MLflow's JSON of a table's columns; empty if it would be longer than MLflow keeps. */
  static String schema(List<ColumnSpec> columns) {
    String json =
        Json.text(Map.of("mlflow_colspec", columns.stream().map(SignatureJson::column).toList()));
    return json.length() <= MAX_SCHEMA ? json : "";
  }

  private static Dataset read(Path file, boolean csv, boolean mustBeCsv) {
    Objects.requireNonNull(file, "file");
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + Printable.quote(file.toString()));
    }
    MessageDigest sha256 = Sha256.start();
    long size;
    CsvShape shape = null;
    try (InputStream opened = Files.newInputStream(file)) {
      CountingStream in = new CountingStream(opened, sha256);
      if (csv) {
        shape = shape(in, file, mustBeCsv);
      }
      // What the CSV reader left, or all of it.
      in.transferTo(OutputStream.nullOutputStream());
      size = in.count();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    String hex = Sha256.hex(sha256);
    Map<String, Object> profile = new LinkedHashMap<>();
    if (shape != null) {
      profile.put("num_rows", shape.rows());
      profile.put("num_elements", shape.rows() * shape.columns().size());
    }
    profile.put("size_bytes", size);
    profile.put("sha256", hex);
    return local(file, hex, shape == null ? "" : schema(shape.columns()), profile);
  }

  private record CsvShape(List<ColumnSpec> columns, long rows) {}

  private static @Nullable CsvShape shape(InputStream in, Path file, boolean mustBeCsv) {
    try {
      return shape(new CsvRows(in, file.toString()));
    } catch (IntegrityException e) {
      if (mustBeCsv) {
        throw e;
      }
      // Only the name promised CSV: the bytes are still a dataset.
      return null;
    }
  }

  private static CsvShape shape(CsvRows csv) {
    int width = csv.columns().size();
    ColumnTypes[] types = new ColumnTypes[width];
    for (int i = 0; i < width; i++) {
      types[i] = new ColumnTypes();
    }
    CellScanner scanner = new CellScanner();
    long rows = 0;
    for (; csv.next(); rows++) {
      for (int i = 0; i < width; i++) {
        types[i].add(scanner.scan(csv.bytes(), csv.from(i), csv.to(i)));
      }
    }
    List<ColumnSpec> columns = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      columns.add(new ColumnSpec(csv.columns().get(i), types[i].type(), !types[i].sawEmpty()));
    }
    return new CsvShape(columns, rows);
  }

  /** The kinds of cells that a column has shown. */
  private static final class ColumnTypes {
    private final Set<CellScanner.Kind> seen = EnumSet.noneOf(CellScanner.Kind.class);

    void add(CellScanner.Kind kind) {
      seen.add(kind);
    }

    boolean sawEmpty() {
      return seen.contains(CellScanner.Kind.EMPTY);
    }

    DataType type() {
      Set<CellScanner.Kind> kinds = EnumSet.copyOf(seen);
      kinds.remove(CellScanner.Kind.EMPTY);
      if (kinds.equals(EnumSet.of(CellScanner.Kind.INTEGER))) {
        return DataType.LONG;
      }
      if (kinds.equals(EnumSet.of(CellScanner.Kind.BOOLEAN))) {
        return DataType.BOOLEAN;
      }
      boolean numbers = !kinds.isEmpty();
      for (CellScanner.Kind kind : kinds) {
        numbers &= kind == CellScanner.Kind.INTEGER || kind == CellScanner.Kind.NUMBER;
      }
      return numbers ? DataType.DOUBLE : DataType.STRING;
    }
  }

  private static Dataset local(Path path, String hex, String schema, Map<String, Object> profile) {
    String uri = path.toAbsolutePath().normalize().toUri().toString();
    return new Dataset(
        fileName(path),
        hex.substring(0, DIGEST_LENGTH),
        "local",
        Json.text(Map.of("uri", uri)),
        schema,
        Json.text(profile));
  }

  private static String fileName(Path path) {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private static StoreException unreadable(Path path, @Nullable IOException e) {
    return new StoreException("cannot read " + Printable.quote(path.toString()) + ": " + e, e);
  }

  /** Counts and digests what passes. */
  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in, MessageDigest digest) {
      super(new DigestInputStream(in, digest));
    }

    long count() {
      return count;
    }

    @Override
    public void close() {
      // The CSV reader closes what it refuses, but the digest needs the rest.
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = super.read(bytes, from, length);
      count += Math.max(0, n);
      return n;
    }
  }
}
