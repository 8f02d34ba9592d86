package io.plumbline.mlflow;

import io.plumbline.IntegrityException;
import io.plumbline.PlumblineException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.io.InputStream;

/** Reads a content piece by piece. The last piece is given out when all of them are proven. */
final class Pieces implements AutoCloseable {
  private final Sending content;
  private final InputStream in;
  private long left;

  Pieces(Sending content) throws Sending.Unreadable {
    this.content = content;
    this.left = content.length();
    try {
      this.in = content.open();
    } catch (IOException e) {
      throw unreadable(e.toString());
    }
  }

  /**
   * Fills the buffer, as far as there is something.
   *
   * @return the number of bytes; 0 at the end
   */
  int next(byte[] buffer) throws Sending.Unreadable {
    try {
      int read = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
      if (read == 0 && left > 0) {
        throw changed("shorter");
      }
      left -= read;
      // A part's stream compares its digest where it ends.
      if (left == 0 && in.read() >= 0 && content.fixed()) {
        throw changed("longer");
      }
      return read;
    } catch (PlumblineException e) {
      throw new Sending.Unreadable(e);
    } catch (Sending.Unreadable e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(e.toString());
    }
  }

  private Sending.Unreadable changed(String how) {
    return new Sending.Unreadable(
        new IntegrityException(
            Printable.quote(content.what()) + " has become " + how + " while it was sent"));
  }

  private Sending.Unreadable unreadable(String why) {
    String text = "cannot send " + Printable.quote(content.what()) + ": " + why;
    return new Sending.Unreadable(new StoreException(text));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
