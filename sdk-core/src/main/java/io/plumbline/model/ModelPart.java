package io.plumbline.model;

import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of a model package: a name, a media type and a content, in memory or on disk. Immutable;
 * two parts are equal if name, media type and content are.
 */
public final class ModelPart {
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}( *;[ -~]{1,127})?");

  private final String name;
  private final String mediaType;
  private final long size;
  private final String sha256;
  private final byte @Nullable [] bytes;
  private final @Nullable Path file;

  private ModelPart(
      String name,
      String mediaType,
      Sha256.FileDigest digest,
      byte @Nullable [] bytes,
      @Nullable Path file) {
    this.name = name;
    this.mediaType = mediaType;
    this.size = digest.size();
    this.sha256 = digest.sha256();
    this.bytes = bytes;
    this.file = file;
  }

  /**
   * A part whose content is in memory.
   *
   * @param name relative path in the package, {@code /} between the segments, at most 255 bytes a
   *     segment; no name that some file system would read as something else
   * @param mediaType such as {@code application/json}
   * @param content is copied
   * @throws IllegalArgumentException if the name or the media type is refused
   */
  public static ModelPart of(String name, String mediaType, byte[] content) {
    check(name, mediaType);
    byte[] copy = content.clone();
    return new ModelPart(
        name, mediaType, new Sha256.FileDigest(copy.length, Sha256.of(copy)), copy, null);
  }

  /** A part that is a JSON document in UTF-8. */
  public static ModelPart json(String name, byte[] utf8) {
    return of(name, "application/json", utf8);
  }

  /**
   * A part whose content stays on disk. It is read now for its digest, and again when the package
   * is stored: then it must still be the same.
   *
   * @param name as for {@link #of}
   * @param mediaType such as {@code application/octet-stream}
   * @param file a regular file
   * @throws IllegalArgumentException if the name or the media type is refused, or there is no such
   *     file
   * @throws StoreException if it cannot be read
   */
  public static ModelPart file(String name, String mediaType, Path file) {
    check(name, mediaType);
    Path absolute = file.toAbsolutePath();
    if (!Files.isRegularFile(absolute)) {
      throw new IllegalArgumentException("there is no file " + Printable.quote(file.toString()));
    }
    try {
      return new ModelPart(name, mediaType, Sha256.of(absolute), null, absolute);
    } catch (IOException e) {
      throw new StoreException("cannot read " + Printable.quote(file.toString()) + ": " + e, e);
    }
  }

  /** The path in the package, relative, {@code /} between the segments. */
  public String name() {
    return name;
  }

  /** The media type, such as {@code application/json}. */
  public String mediaType() {
    return mediaType;
  }

  /** The content's size in bytes. */
  public long size() {
    return size;
  }

  /** The content's SHA-256 in 64 lower-case hex digits. */
  public String sha256() {
    return sha256;
  }

  /**
   * Opens the content. Reading it to the end throws {@link io.plumbline.IntegrityException} if the
   * file has changed since the part was made.
   *
   * @throws IOException if the file cannot be opened
   */
  public InputStream open() throws IOException {
    if (bytes != null) {
      return new ByteArrayInputStream(bytes);
    }
    Path path = Objects.requireNonNull(file);
    return new VerifyingStream(Files.newInputStream(path), path.toString(), size, sha256);
  }

  /**
   * The content in memory: for documents, not for weights.
   *
   * @throws StoreException if the file cannot be read
   * @throws io.plumbline.IntegrityException if it has changed since the part was made
   */
  public byte[] bytes() {
    try (InputStream in = open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new StoreException(
          "cannot read " + Printable.quote(String.valueOf(file)) + ": " + e, e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelPart part
        && part.name.equals(name)
        && part.mediaType.equals(mediaType)
        && part.sha256.equals(sha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, mediaType, sha256);
  }

  /** Name, media type, size and digest. */
  @Override
  public String toString() {
    return Printable.line(name) + " (" + mediaType + ", " + size + " bytes, sha256 " + sha256 + ")";
  }

  private static void check(String name, String mediaType) {
    PartNames.check(Objects.requireNonNull(name, "name"));
    if (!MEDIA_TYPE.matcher(Objects.requireNonNull(mediaType, "mediaType")).matches()) {
      throw new IllegalArgumentException(
          Printable.quote(mediaType) + " is no media type; application/octet-stream fits anything");
    }
  }
}
