package io.plumbline.model;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads a file whose content is known, and refuses at its end what was not it. */
final class VerifyingStream extends FilterInputStream {
  private final String file;
  private final long size;
  private final String sha256;
  private final MessageDigest digest = Sha256.start();
  private long count;
  private boolean ended;

  VerifyingStream(InputStream in, String file, long size, String sha256) {
    super(in);
    this.file = file;
    this.size = size;
    this.sha256 = sha256;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int n = super.read(bytes, from, length);
    if (n > 0) {
      digest.update(bytes, from, n);
      count += n;
    } else if (n < 0 && !ended) {
      ended = true;
      if (count != size || !Sha256.hex(digest).equals(sha256)) {
        throw new IntegrityException(
            Printable.quote(file)
                + " has changed since its digest was taken; pack the model again");
      }
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    // Skipped bytes must pass the digest too.
    return Math.max(0, read(new byte[(int) Math.min(Math.max(0, n), 8_192)]));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
