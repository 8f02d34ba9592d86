package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.HttpSettings;
import io.plumbline.internal.http.HttpTransport;
import io.plumbline.internal.http.OkHttpTransport;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Lineage;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A change of an alias whose exchanges with the server break off")
class AliasRepeatTest {
  private static final MlflowServer SERVER = MlflowServer.shared();

  /** It is a stage's name too, so that there is one request more. */
  private static final String ALIAS = "production";

  /** More requests than a change takes. */
  private static final int MOST = 20;

  private final Breaking breaking = new Breaking();
  private final MlflowBackend backend =
      new MlflowBackend(
          new Http(breaking, CredentialProvider.of(new Credentials.None()), Duration.ofSeconds(30)),
          SERVER.root());
  private final ModelStore models = backend.models();
  private final ModelStore patient = Retrying.of(ModelStore.class, models, 3, nanos -> {});
  private String name = "";

  @BeforeEach
  void register() {
    name = "repeated-" + UUID.randomUUID();
    for (int i = 0; i < 2; i++) {
      models.createVersion(
          new NewVersion(
              UUID.randomUUID().toString(),
              name,
              new NewVersion.Source.Packed(ModelPackage.of("rules", Map.of("n", "" + i))),
              Lineage.UNKNOWN,
              "tester",
              "",
              Map.of()));
    }
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private NewAlias to(@Nullable Integer version, @Nullable Integer expected) {
    AliasChange.Kind kind = version == null ? AliasChange.Kind.DELETE : AliasChange.Kind.SET;
    NewAlias.Expected now = new NewAlias.Expected(expected);
    return new NewAlias(name, ALIAS, version, now, kind, "tester", "because");
  }

  private @Nullable Integer target() {
    return models.findByAlias(name, ALIAS).map(ModelVersion::version).orElse(null);
  }

  @ParameterizedTest
  @EnumSource(Break.class)
  @DisplayName("is repeated as one change, whatever was lost, and has one entry in the history")
  void repeated(Break how) {
    int entries = 0;
    for (int request = 1; request <= MOST; request++) {
      List<NewAlias> changes = List.of(to(1, null), to(2, 1), to(null, 2));
      boolean broken = false;
      for (NewAlias change : changes) {
        breaking.at(request, how);
        AliasChange made = patient.changeAlias(change);
        broken |= breaking.happened();
        assertThat(target()).isEqualTo(change.version());
        entries++;
        assertThat(models.aliasHistory(name, ALIAS)).hasSize(entries).first().isEqualTo(made);
      }
      if (!broken) {
        assertThat(request).as("how many requests a change takes, and one").isBetween(5, 10);
        return;
      }
    }
    throw new AssertionError("a change takes more than " + MOST + " requests");
  }

  @ParameterizedTest
  @EnumSource(Break.class)
  @DisplayName("has happened with its entry or not at all, if nobody repeats it")
  void notRepeated(Break how) {
    models.changeAlias(to(1, null));
    int entries = 1;
    for (int request = 1; request <= MOST; request++) {
      Integer now = target();
      int other = now != null && now == 1 ? 2 : 1;
      breaking.at(request, how);
      try {
        models.changeAlias(to(other, now));
      } catch (TransportException | ServerException e) {
        // As if the process had died there.
      }
      if (!breaking.happened()) {
        return;
      }
      List<AliasChange> history = models.aliasHistory(name, ALIAS);
      assertThat(history.get(0).version()).as("%s", history).isEqualTo(target());
      entries += target() == other ? 1 : 0;
      assertThat(history).hasSize(entries);
    }
  }

  @Test
  @DisplayName("that somebody else has overtaken stays in the history, and does not move it back")
  void overtaken() {
    models.changeAlias(to(1, null));
    breaking.at(3, Break.LOST_ANSWER);
    NewAlias mine = to(2, 1);
    assertThatThrownBy(() -> models.changeAlias(mine)).isInstanceOf(TransportException.class);
    assertThat(target()).isEqualTo(2);
    models.changeAlias(to(1, 2));
    assertThat(models.changeAlias(mine).previous()).isEqualTo(1);
    assertThat(target()).isEqualTo(1);
    assertThat(models.aliasHistory(name, ALIAS))
        .extracting(AliasChange::version)
        .containsExactly(1, 2, 1);
  }

  @Test
  @DisplayName("that was not made before somebody else's is refused, and leaves no entry")
  void refused() {
    models.changeAlias(to(1, null));
    breaking.at(3, Break.LOST_REQUEST);
    NewAlias mine = to(2, 1);
    assertThatThrownBy(() -> models.changeAlias(mine)).isInstanceOf(TransportException.class);
    models.changeAlias(to(null, 1));
    assertThatThrownBy(() -> models.changeAlias(mine))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> models.changeAlias(to(7, null)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("version 7");
    assertThat(models.aliasHistory(name, ALIAS)).hasSize(2);
    assertThat(models.findModel(name).orElseThrow().tags()).isEmpty();
  }

  /** What becomes of a request. */
  private enum Break {
    LOST_REQUEST,
    LOST_ANSWER,
    BUSY
  }

  /** Breaks off one exchange. */
  private static final class Breaking implements HttpTransport {
    private final HttpTransport real =
        new OkHttpTransport(
            new HttpSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                null,
                ProxySelector.of((InetSocketAddress) null),
                "plumbline-test"));
    private int left = -1;
    private Break how = Break.BUSY;

    void at(int request, Break what) {
      left = request;
      how = what;
    }

    /** Returns whether it came to that request. */
    boolean happened() {
      boolean happened = left == 0;
      left = -1;
      return happened;
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws IOException {
      if (left <= 0 || --left > 0) {
        return real.send(request);
      }
      if (how == Break.LOST_REQUEST) {
        throw new IOException("lost on the way there");
      }
      if (how == Break.LOST_ANSWER) {
        real.send(request).close();
        throw new IOException("lost on the way back");
      }
      return new Busy();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** What a gateway says. */
  private static final class Busy implements HttpAnswer {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public InputStream body() {
      return InputStream.nullInputStream();
    }

    @Override
    public void close() {}
  }
}
