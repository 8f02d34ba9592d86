package io.plumbline.mlflow;

import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file whose size is known, from any byte on where the place can do that. A large one is
 * asked for where it lies behind the server, if the server offers that.
 */
final class Reading {
  private static final Pattern RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  /** One that may be told to a server again: it says that two contents are the same. */
  private static final Pattern STRONG = Pattern.compile("\"[!#-~]{1,120}\"");

  private final Rest rest;
  private final ArtifactPlace place;
  private final String path;
  private final String of;
  private final long size;

  /**
   * Makes it.
   *
   * @param of whose file it is, for error texts
   */
  Reading(Rest rest, ArtifactPlace place, String path, String of, long size) {
    this.rest = rest;
    this.place = place;
    this.path = path;
    this.of = of;
    this.size = size;
  }

  /**
   * A file on its way.
   *
   * @param from the first byte that comes
   * @param tag says that another content has another; null if it is unknown
   * @param changed when the file was changed, as the place says it; null if it does not
   */
  record Opened(Content content, long from, @Nullable String tag, @Nullable String changed) {}

  /**
   * Opens the content.
   *
   * @param offset from which byte on, if that can be; else it comes from the beginning
   * @param tag of the content whose bytes up to there are known; null if any will do, because the
   *     whole is compared with a digest
   */
  Opened from(long offset, @Nullable String tag) {
    try {
      if (size >= Multipart.LEAST && rest.offers("presigned", place)) {
        Optional<Opened> direct = direct(offset, tag);
        if (direct.isPresent()) {
          return direct.get();
        }
      }
      return open(HttpRequest.of("GET", url(), null, null), place.own(), offset, tag);
    } catch (Refused e) {
      Refusal refusal = e.refusal();
      if (refusal.isMissing() || refusal.message().contains("refers to a directory")) {
        throw ArtifactProxy.missing(path, of);
      }
      throw refusal.exception(place.own());
    }
  }

  private String url() {
    try {
      return place.file(path);
    } catch (IllegalArgumentException e) {
      throw ArtifactProxy.missing(path, of);
    }
  }

  private Optional<Opened> direct(long offset, @Nullable String tag) throws Refused {
    Optional<SignedAddress> address;
    try {
      JsonObject json = rest.json(place.signed(path), place.own());
      long said = json.longOr("file_size", size);
      if (said != size) {
        throw new TransportException(
            Printable.quote(path) + " was listed with " + size + " bytes, and has " + said);
      }
      address = SignedAddress.of(json, place.api());
    } catch (JsonException e) {
      address = Optional.empty();
    } catch (Refused e) {
      int status = e.refusal().status();
      if (status == 401 || status == 403) {
        throw e;
      }
      if (!e.refusal().mayPass() && !e.refusal().isMissing()) {
        rest.lacks("presigned", place);
      }
      return Optional.empty(); // the usual way says what is wrong, or is not concerned
    }
    if (address.isEmpty()) {
      rest.lacks("presigned", place);
      return Optional.empty();
    }
    try {
      return Optional.of(open(address.get().request("GET", null), false, offset, tag));
    } catch (TransportException | ServerException | Refused e) {
      // It cannot be reached from here now, or does not take what the server has signed.
      rest.avoid("presigned", place);
      return Optional.empty();
    }
  }

  private Opened open(HttpRequest request, boolean own, long offset, @Nullable String tag)
      throws Refused {
    // What is stored in a packed form, as .gz files are in S3, must come as it is stored.
    HttpRequest plain = request.header("Accept-Encoding", "identity");
    if (offset > 0 && offset < size) {
      HttpRequest ranged = plain.header("Range", "bytes=" + offset + "-");
      try {
        HttpAnswer answer =
            rest.transfer(tag == null ? ranged : ranged.header("If-Range", tag), own);
        if (answer.status() != 206) {
          return opened(ranged, answer, 0);
        }
        if (isTheRest(answer, offset, tag)) {
          return opened(ranged, answer, offset);
        }
        answer.close();
      } catch (Refused e) {
        if (e.refusal().status() != 416) {
          throw e;
        }
      }
    }
    return opened(plain, rest.transfer(plain, own), 0);
  }

  private Opened opened(HttpRequest request, HttpAnswer answer, long from) {
    Content content = new Content(rest, request, answer, from, size);
    if (from == 0 && answer.status() == 206) {
      content.close();
      throw new TransportException(request + " was answered with a part that nobody asked for");
    }
    String tag = answer.header("ETag");
    return new Opened(
        content,
        from,
        tag != null && STRONG.matcher(tag).matches() ? tag : null,
        answer.header("Last-Modified"));
  }

  /** Whether it is the end of the same content: then it may be put behind what is there. */
  private boolean isTheRest(HttpAnswer answer, long offset, @Nullable String tag) {
    String range = answer.header("Content-Range");
    Matcher matcher = RANGE.matcher(range == null ? "" : range.strip());
    String now = answer.header("ETag");
    return matcher.matches()
        && Long.parseLong(matcher.group(1)) == offset
        && Long.parseLong(matcher.group(2)) == size - 1
        && Long.parseLong(matcher.group(3)) == size
        && (tag == null || now == null || now.equals(tag));
  }
}
