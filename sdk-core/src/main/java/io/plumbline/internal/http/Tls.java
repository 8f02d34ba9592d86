package io.plumbline.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust behind a TLS connection, and who we are.
 *
 * @param context makes the connections
 * @param trust decides whom to trust
 * @param anyHost whether a certificate may be that of another host
 */
public record Tls(SSLContext context, X509TrustManager trust, boolean anyHost) {
  private static final char[] NO_PASSWORD = new char[0];
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /**
   * Reads certificates and a key.
   *
   * @param bundle PEM file with the certificates of those that are trusted, or null for the JVM's
   * @param client PEM file with our certificate, its chain and its key, or null for none
   * @param insecure whether everybody is trusted
   * @throws IllegalArgumentException if a file cannot be used; the message names it and says why
   */
  public static Tls of(@Nullable Path bundle, @Nullable Path client, boolean insecure) {
    try {
      X509TrustManager trust = insecure ? new TrustAll() : trust(bundle);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          client == null ? null : keys(client), new TrustManager[] {trust}, new SecureRandom());
      return new Tls(context, trust, insecure);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS can't be set up: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trust(@Nullable Path bundle)
      throws GeneralSecurityException, IOException {
    KeyStore store = null;
    if (bundle != null) {
      store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      int number = 0;
      for (Certificate certificate : certificates(bundle)) {
        store.setCertificateEntry("trusted-" + number++, certificate);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("this JVM has no trust manager for certificates");
  }

  private static KeyManager[] keys(Path file) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> chain = certificates(file);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("client", privateKey(file), NO_PASSWORD, chain.toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** The certificates of a PEM file; what else stands in it, such as a key, is passed over. */
  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    List<Certificate> found = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Matcher matcher = PEM.matcher(read(file));
    while (matcher.find()) {
      if (matcher.group(1).endsWith("CERTIFICATE")) {
        found.add(factory.generateCertificate(new java.io.ByteArrayInputStream(der(matcher))));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          file + " has no certificate; a PEM file with BEGIN CERTIFICATE is wanted");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    Matcher matcher = PEM.matcher(read(file));
    String other = "none";
    while (matcher.find()) {
      if (matcher.group(1).equals("PRIVATE KEY")) {
        return privateKey(file, der(matcher));
      }
      if (matcher.group(1).endsWith("PRIVATE KEY")) {
        other = matcher.group(1);
      }
    }
    throw new IllegalArgumentException(
        file
            + " has no private key that can be read (BEGIN PRIVATE KEY; it has: "
            + other
            + "); openssl pkcs8 -topk8 -nocrypt makes one");
  }

  private static PrivateKey privateKey(Path file, byte[] der) {
    GeneralSecurityException last = new InvalidKeySpecException();
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        last = e; // of another algorithm
      }
    }
    throw new IllegalArgumentException(
        "the private key in " + file + " is not RSA, EC or EdDSA", last);
  }

  private static byte[] der(Matcher pem) {
    return Base64.getMimeDecoder().decode(pem.group(2));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** Trusts everybody: for a server on this machine, or by the code's own wish. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
