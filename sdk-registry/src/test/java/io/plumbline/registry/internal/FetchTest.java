package io.plumbline.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.Time;
import io.plumbline.model.Artifact;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.FetchedModel;
import io.plumbline.tck.FakeClock;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A fetch")
class FetchTest {
  private static final int BIG = 1 << 20;

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private ModelCache cache;
  private ModelPackage model = model(1);
  private ModelVersion version = version(model);

  /** How many bytes of files were handed out. */
  private final AtomicLong given = new AtomicLong();

  @BeforeEach
  void open() {
    cache = new ModelCache(folder.resolve("cache"), 1L << 30, Time.SYSTEM);
  }

  private static ModelPackage model(int seed) {
    byte[] big = new byte[BIG];
    new Random(seed).nextBytes(big);
    return ModelPackage.of("rules", Map.of())
        .with(ModelPart.of("weights/big.bin", "application/octet-stream", big))
        .with(ModelPart.of("empty.txt", "text/plain", new byte[0]));
  }

  private static ModelVersion version(ModelPackage of) {
    List<Artifact> parts = new ArrayList<>();
    of.parts().forEach(p -> parts.add(new Artifact(p.name(), false, p.size(), p.sha256())));
    return ModelVersion.builder("flights", 1).content(of.flavor(), of.digest(), parts).build();
  }

  private ModelVersion withParts(List<Artifact> parts) {
    return version.toBuilder().content("rules", version.digest(), parts).build();
  }

  private byte[] bytes(String part) {
    return model.part(part).orElseThrow().bytes();
  }

  private InputStream sound(String part, long offset) {
    byte[] all = bytes(part);
    given.addAndGet(all.length - offset);
    return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
  }

  private void isWhole(FetchedModel fetched) throws IOException {
    assertThat(fetched.folder().resolve("weights/big.bin"))
        .hasBinaryContent(bytes("weights/big.bin"));
    assertThat(fetched.model().digest()).isEqualTo(version.digest());
    try (Stream<Path> left = Files.list(folder.resolve("cache/partial"))) {
      assertThat(left).allMatch(file -> file.toString().endsWith(".lock"));
    }
    try (Stream<Path> left = Files.list(folder.resolve("cache/tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private void nothingIsThere() {
    assertThat(folder.resolve("cache/models").resolve(version.digest())).doesNotExist();
  }

  @Test
  @DisplayName("brings all files, once; the second one asks the registry for nothing")
  void once() throws IOException {
    isWhole(cache.fetch(version, this::sound));
    long before = given.get();
    isWhole(cache.fetch(version, this::sound));
    assertThat(given.get()).isEqualTo(before);
  }

  @Test
  @DisplayName("that was interrupted is gone on with from the byte where it stopped")
  void resumed() throws IOException {
    ModelCache.Parts breaking =
        (part, offset) ->
            part.equals("weights/big.bin")
                ? new BreakingStream(sound(part, offset), 700_000)
                : sound(part, offset);
    assertThatThrownBy(() -> cache.fetch(version, breaking))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("models:/flights/1");
    nothingIsThere();
    List<Long> offsets = new ArrayList<>();
    isWhole(
        cache.fetch(
            version,
            (part, offset) -> {
              if (part.equals("weights/big.bin")) {
                offsets.add(offset);
              }
              return sound(part, offset);
            }));
    assertThat(offsets).hasSize(1);
    assertThat(offsets.get(0)).isGreaterThan(500_000);
  }

  /** A connection that breaks. */
  private static final class BreakingStream extends FilterInputStream {
    private int left;

    BreakingStream(InputStream in, int after) {
      super(in);
      this.left = after;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      if (left <= 0) {
        throw new IOException("connection reset");
      }
      int n = super.read(buffer, from, Math.min(length, left));
      left -= n;
      return n;
    }
  }

  @Test
  @DisplayName("whose interrupted part was damaged begins that file anew")
  void damagedPartial() throws IOException {
    Path partial = folder.resolve("cache/partial");
    Files.createDirectories(partial);
    String sha = model.part("weights/big.bin").orElseThrow().sha256();
    Files.write(partial.resolve(sha), new byte[400_000]);
    isWhole(cache.fetch(version, this::sound));
    Files.write(partial.resolve(sha), new byte[2 * BIG]);
    deleteModel();
    isWhole(cache.fetch(version, this::sound));
  }

  private void deleteModel() {
    CacheRoom.deleteTree(folder.resolve("cache/models"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"other bytes", "too many"})
  @DisplayName(
      "of bytes that are not what the registry says is an IntegrityException, and keeps nothing")
  void lies(String lie) {
    byte[] right = bytes("weights/big.bin");
    byte[] wrong =
        switch (lie) {
          case "other bytes" -> new byte[right.length];
          default -> java.util.Arrays.copyOf(right, right.length + 1);
        };
    ModelCache.Parts lying =
        (part, offset) ->
            part.equals("weights/big.bin") ? new ByteArrayInputStream(wrong) : sound(part, offset);
    assertThatThrownBy(() -> cache.fetch(version, lying))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("weights/big.bin")
        .hasMessageContaining("models:/flights/1");
    nothingIsThere();
  }

  @Test
  @DisplayName("of a file that ends too early says so, and the next one goes on behind it")
  void tooFew() throws IOException {
    ModelCache.Parts early =
        (part, offset) -> {
          byte[] all = bytes(part);
          int length = part.equals("weights/big.bin") ? 1_000 : all.length;
          return new ByteArrayInputStream(all, 0, length);
        };
    assertThatThrownBy(() -> cache.fetch(version, early))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("ended after 1000 of 1048576 bytes");
    nothingIsThere();
    isWhole(cache.fetch(version, this::sound));
  }

  @Test
  @DisplayName("of an endless file stops at the size that was announced")
  void endless() {
    InputStream zeros =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] buffer, int from, int length) {
            given.addAndGet(length);
            return length;
          }
        };
    assertThatThrownBy(() -> cache.fetch(version, (part, offset) -> zeros))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("more than");
    assertThat(given.get()).isLessThan(4L * BIG);
  }

  @Test
  @DisplayName(
      "refuses a manifest whose files are right one by one, but are not what the version is")
  void otherPackage() {
    ModelPackage other = model(2);
    ModelVersion mixed = withParts(version(other).parts());
    assertThatThrownBy(
            () ->
                cache.fetch(
                    mixed,
                    (part, offset) ->
                        new ByteArrayInputStream(other.part(part).orElseThrow().bytes())))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("other files than it says");
    nothingIsThere();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/etc/evil", "a/../../evil", "a\\b", "con", "C:evil", ""})
  @DisplayName("never writes outside its folder, whatever a registry calls a file")
  void hostileNames(String name) {
    String sha = model.part("empty.txt").orElseThrow().sha256();
    List<Artifact> parts = List.of(new Artifact(name, false, 0, sha));
    assertThatThrownBy(
            () ->
                cache.fetch(
                    withParts(parts), (part, offset) -> new ByteArrayInputStream(new byte[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("part name");
    assertThat(folder.resolve("cache").resolve("evil")).doesNotExist();
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  @DisplayName("takes no digest for a path that is none")
  void hostileDigests() {
    for (String digest :
        List.of("..", "", "0".repeat(63), "A".repeat(64), "../" + "0".repeat(61))) {
      ModelVersion hostile = version.toBuilder().content("rules", digest, List.of()).build();
      assertThatThrownBy(() -> cache.fetch(hostile, this::sound))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("no SHA-256");
    }
    ModelVersion part = withParts(List.of(new Artifact("a", false, 0, "../../" + "0".repeat(58))));
    assertThatThrownBy(() -> cache.fetch(part, this::sound)).isInstanceOf(IntegrityException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "link", "more", "less", "manifest"})
  @DisplayName("never returns a cached model that was changed: it is set aside and fetched again")
  void damagedCache(String damage) throws IOException {
    Path model = cache.fetch(version, this::sound).folder();
    Path big = model.resolve("weights/big.bin");
    switch (damage) {
      case "flipped" -> {
        byte[] bytes = Files.readAllBytes(big);
        bytes[1000] ^= 1;
        Files.write(big, bytes);
      }
      case "link" -> {
        Path elsewhere = Files.move(big, folder.resolve("elsewhere.bin"));
        Files.createSymbolicLink(big, elsewhere);
      }
      case "more" -> Files.writeString(model.resolve("more.txt"), "x");
      case "less" -> Files.delete(big);
      default -> Files.writeString(model.resolve("model.json"), "{}");
    }
    FetchedModel again = cache.fetch(version, this::sound);
    assertThat(Files.exists(again.folder().resolve("weights/big.bin"), LinkOption.NOFOLLOW_LINKS))
        .isTrue();
    isWhole(again);
    try (Stream<Path> aside = Files.list(folder.resolve("cache/damaged"))) {
      assertThat(aside).hasSize(1);
    }
  }

  @Test
  @DisplayName("by many threads and caches at once gives each the same whole model")
  void concurrent() throws Exception {
    ModelCache other = new ModelCache(folder.resolve("cache"), 1L << 30, Time.SYSTEM);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<FetchedModel>> fetches = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ModelCache from = i % 2 == 0 ? cache : other;
        fetches.add(() -> from.fetch(version, this::sound));
      }
      for (Future<FetchedModel> fetch : threads.invokeAll(fetches, 1, TimeUnit.MINUTES)) {
        isWhole(fetch.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @DisplayName(
      "makes room by removing what was not used for longest, but not what is in use or the last good one")
  void room() throws IOException {
    cache = new ModelCache(folder.resolve("cache"), 4L * BIG + 20_000, clock);
    List<ModelVersion> versions = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      model = model(seed);
      version = version(model);
      versions.add(version);
      cache.fetch(version, this::sound);
      clock.pass(Duration.ofMinutes(90));
    }
    new GoodVersions(cache.root(), "here", clock)
        .remember(ModelRef.alias("flights", "champion"), versions.get(0));
    cache.find(versions.get(2));
    model = model(4);
    version = version(model);
    cache.fetch(version, this::sound);
    model = model(5);
    ModelVersion fifth = version(model);
    cache.fetch(fifth, this::sound);
    assertThat(cache.find(versions.get(0))).as("the last good one").isPresent();
    assertThat(cache.find(versions.get(1))).as("the oldest other one").isEmpty();
    assertThat(cache.find(versions.get(2))).as("just used").isPresent();
    model = model(6);
    assertThatThrownBy(() -> cache.fetch(version(model), this::sound))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("plumbline.cache.size");
  }

  @Test
  @DisplayName("passes a failure of the registry on as it is")
  void failure() {
    TransportException away = new TransportException("no route to host");
    assertThatThrownBy(
            () ->
                cache.fetch(
                    version,
                    (part, offset) -> {
                      throw away;
                    }))
        .isSameAs(away);
  }
}
