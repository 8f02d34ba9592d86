package io.plumbline.internal.store;

import io.plumbline.internal.digest.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Reads a packed copy of a store again: its checksums, and the digests of its contents. */
final class ZipCheck {
  private static final String CONTENTS = "blobs/sha256/";

  private ZipCheck() {}

  /** Returns the contents that do not have their digest; a wrong checksum is an exception. */
  static List<StoreVerify.Problem> read(Path file, StoreProgress progress) throws IOException {
    List<StoreVerify.Problem> problems = new ArrayList<>();
    byte[] buffer = new byte[1 << 18];
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long done = 0;
      for (ZipEntry entry : StoreBackup.entries(zip)) {
        progress.at("reading the copy:", done++, zip.size());
        MessageDigest sha = Sha256.start();
        try (InputStream in = open(zip, entry)) {
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sha.update(buffer, 0, n);
          }
        }
        String name = entry.getName();
        String expected = name.startsWith(CONTENTS) ? digestOf(name) : null;
        String found = HexFormat.of().formatHex(sha.digest());
        if (expected != null && !expected.equals(found)) {
          problems.add(
              new StoreVerify.Problem(
                  name, "is damaged in the store: its content has the digest " + found));
        }
      }
    }
    return problems;
  }

  /** Opens an entry whose checksum is compared at its end, which the platform leaves out. */
  static InputStream open(ZipFile zip, ZipEntry entry) throws IOException {
    CheckedInputStream checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
    return new FilterInputStream(checked) {
      @Override
      public int read() throws IOException {
        int b = super.read();
        return b < 0 ? end() : b;
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        int n = super.read(bytes, from, count);
        return n < 0 ? end() : n;
      }

      private int end() throws IOException {
        if (checked.getChecksum().getValue() != entry.getCrc()) {
          throw new ZipException("the checksum of " + entry.getName() + " is wrong");
        }
        return -1;
      }
    };
  }

  private static @Nullable String digestOf(String name) {
    return StoreFiles.digestOf(Path.of(name));
  }
}
