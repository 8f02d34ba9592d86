package io.plumbline.internal.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;

/** Keys and certificates that are made for a test, by the JDK's own tool. */
public final class TestCertificates {
  public static final String PASSWORD = "changeit";

  private final Path store;
  private final KeyStore keys;

  private TestCertificates(Path store, KeyStore keys) {
    this.store = store;
    this.keys = keys;
  }

  /** Makes a key with a certificate that it has signed itself. */
  public static TestCertificates make(Path folder, String name, String algorithm, String hosts)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(name + ".p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + hosts,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (tool.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificates(store, keys);
  }

  /** Returns the PKCS #12 file with key and certificate. */
  public Path store() {
    return store;
  }

  /** Writes the certificate, and the key in PKCS #8 if wanted, into a PEM file. */
  public Path pem(Path file, boolean withKey) throws IOException, GeneralSecurityException {
    Certificate certificate = keys.getCertificate("own");
    Key key = keys.getKey("own", PASSWORD.toCharArray());
    String text = "made for a test\n" + block("CERTIFICATE", certificate.getEncoded());
    return Files.writeString(file, text + (withKey ? block("PRIVATE KEY", key.getEncoded()) : ""));
  }

  private static String block(String kind, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  /** Writes a PKCS #12 file in which the certificate is trusted. */
  public Path trusted(Path file) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("other", keys.getCertificate("own"));
    try (var out = Files.newOutputStream(file)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    return file;
  }
}
