package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store with the world of {@link Flown}: its profile, its log, and the counts beside that. */
abstract class DriftFixture {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));
  Path log = Path.of("");
  String profile = "";

  @BeforeEach
  void fill() throws IOException {
    cli = new Cli(folder.resolve("store"));
    log = folder.resolve("store/predictions");
    profile = folder.resolve("profile.json").toString();
    Files.write(Path.of(profile), Flown.profile().toJson());
  }

  /** Compares with the profile. */
  Cli.Answer drift(String... more) {
    List<String> call = new ArrayList<>(List.of("drift", "--reference", profile));
    call.addAll(List.of(more));
    return cli.run(call.toArray(String[]::new));
  }

  /** Compares the log with the profile. */
  Cli.Answer driftOfLog(String... more) {
    List<String> call = new ArrayList<>(List.of("--current", log.toString()));
    call.addAll(List.of(more));
    return drift(call.toArray(String[]::new));
  }

  /** Keeps the counts of a version's rows of an hour, as if they had been served. */
  void keep(Profile of, String version, String slice, String day, int rows, double by) {
    keep(version, slice, Instant.parse(day + "T00:00:00Z"), HOUR, counted(of, day, rows, by));
  }

  /** The same of version 1 of all slices, and of any length. */
  void keep(String from, Duration length, int rows, double by) {
    ProfileCounter counter = counted(Flown.profile(), from, rows, by);
    keep("1", Windows.ALL, Instant.parse(from), length, counter);
  }

  /** The same of a day. */
  void keep(String day, ProfileCounter counter) {
    keep("1", Windows.ALL, Instant.parse(day + "T00:00:00Z"), HOUR, counter);
  }

  private void keep(
      String version, String slice, Instant from, Duration length, ProfileCounter counter) {
    Windows.Window window =
        new Windows.Window(slice, counter.take().between(from, from.plus(length)));
    WindowWriter.in(log).write("flights", version, window);
  }

  private static ProfileCounter counted(Profile of, String seed, int rows, double by) {
    ProfileCounter counter = of.counter();
    Random random = new Random(seed.hashCode());
    for (int i = 0; i < rows; i++) {
      counter.count(counter.column("temp"), random.nextGaussian() + by);
      counter.countText(counter.column("origin"), random.nextBoolean() ? "JFK" : "LGA");
    }
    return counter;
  }

  /** Registers the next version of a model, with a profile or without. */
  void register(String name, @Nullable Profile of) {
    String[] id = {""};
    ModelPackage plain = SumLoader.pack(1, Signature.doubles(List.of("temp"), "late"));
    ModelPackage packed = of == null ? plain : plain.with(of);
    try (TrackingClient tracking = cli.open()) {
      tracking.run(
          "x",
          run -> {
            id[0] = run.id();
            run.logModel("model", packed);
          });
    }
    assertThat(cli.run("register", name, id[0]).code()).isZero();
  }
}
