package io.plumbline.internal.http;

import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a request sends; it can be written more than once. */
public interface HttpBody {
  /** Returns the media type. */
  String contentType();

  /** Returns the exact number of bytes. */
  long length();

  /** Writes all bytes. */
  void writeTo(OutputStream out) throws IOException;

  /** A JSON value in UTF-8. */
  static HttpBody json(@Nullable Object value) {
    return bytes("application/json", Json.bytes(value));
  }

  /** Bytes in memory, which must not change. */
  static HttpBody bytes(String contentType, byte[] content) {
    return new HttpBody() {
      @Override
      public String contentType() {
        return contentType;
      }

      @Override
      public long length() {
        return content.length;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        out.write(content);
      }
    };
  }

  /**
   * A file's content, as long as the file was when this was made: one that grows meanwhile is cut
   * off, one that shrinks fails.
   */
  static HttpBody file(Path file, long size) {
    return new HttpBody() {
      @Override
      public String contentType() {
        return "application/octet-stream";
      }

      @Override
      public long length() {
        return size;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
          byte[] buffer = new byte[1 << 16];
          for (long left = size; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
              throw new IOException(file + " has become shorter while it was sent");
            }
            out.write(buffer, 0, read);
            left -= read;
          }
        }
      }
    };
  }
}
