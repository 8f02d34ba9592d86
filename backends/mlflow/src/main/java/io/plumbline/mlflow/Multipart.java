package io.plumbline.mlflow;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Sends a large file in parts, several at a time, straight to where the server keeps artifacts: S3
 * and the like. The file is there when all parts are, or not at all.
 */
final class Multipart {
  /** From this size on; below it a second way is not worth its requests. */
  static final long LEAST = 32L << 20;

  /** S3 takes no smaller parts than 5 MiB. What is under way is in memory. */
  private static final int PART = 8 << 20;

  /** S3 takes no more parts; of a larger file the parts are larger. */
  private static final int MOST_PARTS = 10_000;

  private static final int ATTEMPTS = 4;
  private static final long FIRST_WAIT = 100_000_000L;

  private final Rest rest;

  Multipart(Rest rest) {
    this.rest = rest;
  }

  /**
   * Sends a content.
   *
   * @return false if nothing is there, because the server does not offer this, or the place it
   *     names cannot be reached from here or has refused a part
   */
  boolean send(ArtifactPlace place, String path, Sending content) throws Refused {
    String whole = place.within(ArtifactPlace.check(path));
    int slash = whole.lastIndexOf('/');
    if (content.length() < LEAST || slash < 0 || !rest.offers("multipart", place)) {
      return false;
    }
    int size = (int) Math.min(1L << 30, Math.max(PART, ceil(content.length(), MOST_PARTS)));
    int count = (int) ceil(content.length(), size);
    Upload upload = begin(place, whole.substring(0, slash), whole.substring(slash + 1), count);
    return upload != null && upload.carryOut(content, size);
  }

  private static long ceil(long what, long by) {
    return (what + by - 1) / by;
  }

  private @Nullable Upload begin(ArtifactPlace place, String folder, String name, int count)
      throws Refused {
    JsonObject made;
    try {
      made =
          rest.postTo(
              place.multipart("create", folder),
              place.own(),
              Map.of("path", name, "num_parts", count),
              rest.patience());
    } catch (Refused e) {
      int status = e.refusal().status();
      if (status == 400 || status == 404 || status == 405 || status == 501) {
        rest.lacks("multipart", place);
        return null;
      }
      if (status >= 500) {
        return null; // the usual way says what is wrong, or is not concerned
      }
      throw e;
    }
    String id = made.stringOrEmpty("upload_id");
    Upload upload = new Upload(place, folder, name, id, count);
    if (!upload.read(made)) {
      upload.abort();
      rest.lacks("multipart", place);
      return null;
    }
    return upload;
  }

  /** One file that is being sent. */
  private final class Upload {
    private final ArtifactPlace place;
    private final String folder;
    private final String name;
    private final String id;
    private final List<@Nullable SignedAddress> addresses;
    private final AtomicReferenceArray<@Nullable String> tags;
    private volatile boolean reached;

    Upload(ArtifactPlace place, String folder, String name, String id, int count) {
      this.place = place;
      this.folder = folder;
      this.name = name;
      this.id = id;
      this.addresses = new ArrayList<>(Collections.nCopies(count, null));
      this.tags = new AtomicReferenceArray<>(count);
    }

    /** Returns whether there is an address for each part. */
    boolean read(JsonObject made) {
      try {
        for (JsonObject each : made.objects("credentials")) {
          long number = each.longValue("part_number");
          Optional<SignedAddress> address = SignedAddress.of(each, place.api());
          if (number < 1 || number > addresses.size() || address.isEmpty()) {
            return false;
          }
          addresses.set((int) number - 1, address.get());
        }
      } catch (JsonException e) {
        return false;
      }
      return !addresses.contains(null);
    }

    boolean carryOut(Sending content, int size) throws Refused {
      try (Pieces pieces = new Pieces(content)) {
        Parts parts = new Parts(this, pieces, size);
        rest.parts().all(Collections.nCopies(addresses.size(), parts::sendNext));
      } catch (Sending.Unreadable e) {
        abort();
        throw new TransportException(String.valueOf(e.getMessage()), e);
      } catch (IOException e) {
        abort();
        throw new TransportException("cannot read " + content.what() + ": " + e, e);
      } catch (TransportException | ServerException e) {
        abort();
        if (!mayGoThroughTheServer(e)) {
          throw e;
        }
        rest.avoid("multipart", place);
        return false;
      } catch (RuntimeException e) {
        abort();
        throw e;
      }
      complete(content.length());
      return true;
    }

    /**
     * Returns whether the server may take what the place has not. Where a place takes parts and
     * then refuses one, the addresses have lapsed: they live an hour or less. There are no others
     * for the same upload, and those of a new one would lapse alike.
     */
    private boolean mayGoThroughTheServer(PlumblineException e) {
      if (e instanceof ServerException refused) {
        return refused.status() < 500; // else it is busy
      }
      return !reached && !(e.getCause() instanceof Sending.Unreadable);
    }

    /** Sends a part until it is there, but not for ever. */
    void put(int index, byte[] bytes, int length) {
      SignedAddress address = Objects.requireNonNull(addresses.get(index));
      HttpRequest request = address.request("PUT", new PartOfFile(bytes, length));
      for (int attempt = 1; ; attempt++) {
        try (HttpAnswer answer = rest.transfer(request, false)) {
          reached = true;
          String tag = answer.header("ETag");
          tags.set(index, tag == null ? "" : tag);
          return;
        } catch (Refused e) {
          RuntimeException refused = e.refusal().exceptionElsewhere();
          if (attempt == ATTEMPTS || !e.refusal().mayPass()) {
            throw refused;
          }
          pause(attempt, refused);
        } catch (TransportException e) {
          if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
            throw e;
          }
          pause(attempt, e);
        }
      }
    }

    private void complete(long bytes) throws Refused {
      List<Map<String, Object>> parts = new ArrayList<>();
      for (int i = 0; i < addresses.size(); i++) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("part_number", i + 1);
        part.put("etag", String.valueOf(tags.get(i)));
        SignedAddress address = addresses.get(i);
        part.put("url", address == null ? "" : address.url());
        parts.add(part);
      }
      Map<String, Object> body = body();
      body.put("parts", parts);
      try {
        String url = place.multipart("complete", folder);
        rest.postTo(url, place.own(), body, rest.patience(bytes));
      } catch (Refused | RuntimeException e) {
        abort();
        throw e;
      }
    }

    /** What was sent must not stay for ever where nobody sees it. */
    void abort() {
      boolean interrupted = Thread.interrupted();
      try {
        rest.postTo(place.multipart("abort", folder), place.own(), body(), rest.patience());
      } catch (Refused | RuntimeException e) {
        // The failure before this one is what is told.
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("path", name);
      if (!id.isEmpty()) {
        body.put("upload_id", id);
      }
      return body;
    }
  }

  private static void pause(int attempt, RuntimeException cause) {
    try {
      long longest = FIRST_WAIT << attempt;
      Sleeper.SYSTEM.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }

  /** Reads the parts in order, for threads that send them in any. */
  private static final class Parts {
    private final Upload upload;
    private final Pieces pieces;
    private final int size;
    private final Object reading = new Object();
    private int next;

    Parts(Upload upload, Pieces pieces, int size) {
      this.upload = upload;
      this.pieces = pieces;
      this.size = size;
    }

    void sendNext() {
      byte[] bytes = new byte[size];
      int index;
      int length;
      synchronized (reading) {
        try {
          index = next++;
          length = pieces.next(bytes);
        } catch (Sending.Unreadable e) {
          throw new TransportException(String.valueOf(e.getMessage()), e);
        }
      }
      upload.put(index, bytes, length);
    }
  }

  /** A part in memory. */
  private static final class PartOfFile implements HttpBody {
    private final byte[] bytes;
    private final int size;

    PartOfFile(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

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
      out.write(bytes, 0, size);
    }
  }
}
