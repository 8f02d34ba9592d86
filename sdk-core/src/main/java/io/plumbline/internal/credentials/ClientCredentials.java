package io.plumbline.internal.credentials;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.internal.Time;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a token that was fetched with OAuth2 client credentials (RFC 6749, section 4.4), and
 * fetches another one shortly before it expires, or when the server has refused it. One thread
 * fetches, and the others wait for it; what it failed with is what they fail with, too.
 */
public final class ClientCredentials implements CredentialProvider {
  private static final long EARLY = TimeUnit.SECONDS.toNanos(30);

  private final TokenRequest request;
  private final Time time;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Held held;
  private @Nullable Failed failed;

  /** A token, and from when on another one is wanted and this one is of no use, in clock time. */
  private record Held(Credentials token, long fetched, long fresh, long valid) {
    boolean isFresh(long now) {
      return now - fetched < fresh;
    }

    boolean isValid(long now) {
      return now - fetched < valid;
    }
  }

  private record Failed(PlumblineException why, long at) {}

  /**
   * Makes the provider; nothing is fetched yet.
   *
   * @param request fetches a token
   * @param time the clock that tokens age by
   */
  public ClientCredentials(TokenRequest request, Time time) {
    this.request = request;
    this.time = time;
  }

  @Override
  public Credentials credentials(@Nullable Credentials refused) {
    Held now = held;
    if (now != null && !now.token().equals(refused) && now.isFresh(time.nanos())) {
      return now.token();
    }
    long asked = time.nanos();
    fetching.lock();
    try {
      return underLock(refused, asked);
    } finally {
      fetching.unlock();
    }
  }

  private Credentials underLock(@Nullable Credentials refused, long asked) {
    Held now = held;
    if (now != null && !now.token().equals(refused) && now.isFresh(time.nanos())) {
      return now.token(); // another thread has fetched it meanwhile
    }
    if (failed != null && failed.at() - asked > 0) {
      throw failed.why();
    }
    try {
      Held fetched = held(request.fetch());
      held = fetched;
      failed = null;
      return fetched.token();
    } catch (PlumblineException e) {
      boolean usable = now != null && !now.token().equals(refused) && now.isValid(time.nanos());
      if (now != null && usable && !(e instanceof ServerException.Unauthorized)) {
        return now.token(); // the token server may be back before this one expires
      }
      failed = new Failed(e, time.nanos());
      throw e;
    }
  }

  private Held held(TokenRequest.Token token) {
    long valid = Math.min(token.seconds(), TimeUnit.DAYS.toSeconds(365)) * 1_000_000_000L;
    long early = Math.min(EARLY, valid / 4);
    return new Held(new Credentials.Bearer(token.text()), time.nanos(), valid - early, valid);
  }
}
