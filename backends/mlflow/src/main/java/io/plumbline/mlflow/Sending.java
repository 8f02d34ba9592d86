package io.plumbline.mlflow;

import io.plumbline.PlumblineException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A content that is sent, which may be read more than once and is never in memory as a whole. */
interface Sending extends HttpBody {
  /** As much as the HTTP library keeps ready for one write; of more it would make garbage. */
  int BUFFER = 1 << 16;

  /** Opens the content from its beginning; who opened it closes it. */
  InputStream open() throws IOException;

  /** What it is, for error texts. */
  String what();

  @Override
  default String contentType() {
    return "application/octet-stream";
  }

  /** Whether it must not have become longer since it was looked at; else the rest is left out. */
  default boolean fixed() {
    return true;
  }

  /**
   * Writes as much as was said. What cannot be read is no failure of the exchange: it is carried
   * out of it as {@link Unreadable}, before the last bytes are written.
   */
  @Override
  default void writeTo(OutputStream out) throws IOException {
    try (Pieces pieces = new Pieces(this)) {
      byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, length()))];
      for (int read = pieces.next(buffer); read > 0; read = pieces.next(buffer)) {
        out.write(buffer, 0, read);
      }
    }
  }

  /** Why a content could not be sent, on its way through the HTTP library. */
  final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(PlumblineException why) {
      super(why.getMessage(), why);
    }

    /** Returns the reason if that is one, or what was thrown. */
    static PlumblineException in(PlumblineException thrown) {
      return thrown.getCause() instanceof Unreadable it
              && it.getCause() instanceof PlumblineException why
          ? why
          : thrown;
    }
  }

  /** A file, as it is now. */
  static Sending of(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("there is no file " + Printable.quote(file.toString()));
      }
      return new OfFile(file, Files.size(file));
    } catch (IOException e) {
      throw new StoreException("cannot read " + Printable.quote(file.toString()) + ": " + e, e);
    }
  }

  /**
   * A file on disk.
   *
   * @param length its size when it was looked at
   */
  record OfFile(Path file, long length) implements Sending {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public String what() {
      return file.toString();
    }

    @Override
    public boolean fixed() {
      return false;
    }
  }
}
