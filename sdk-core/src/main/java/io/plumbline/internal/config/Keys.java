package io.plumbline.internal.config;

import io.plumbline.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one table of all settings, in the order in which they are shown; those that say how to reach
 * a server stand in {@link ServerKeys}.
 */
public final class Keys {

  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final int MAX_NAME = 500; // what MLflow's servers accept for an experiment

  /** The file that is read for settings. */
  public static final ConfigKey<Path> FILE =
      new ConfigKey<>(
          "config",
          new PathType(),
          null,
          "The file with settings; by default plumbline.properties in the working directory, if it"
              + " is there.");

  /** The folder of the embedded store. */
  public static final ConfigKey<Path> STORE =
      new ConfigKey<>(
          "store",
          new PathType(),
          null,
          "The folder of the embedded store; by default .plumbline in a project (a pom.xml,"
              + " build.gradle or .git beside it), else a folder for the user's state.");

  /** Where runs are kept; its folder, if it is one, is always that of {@link #STORE}. */
  public static final ConfigKey<StoreUri> TRACKING_URI =
      new ConfigKey<>(
          "tracking.uri",
          new StoreUriType(),
          null,
          "Where runs are kept: a folder or a server; by default the store.",
          "MLFLOW_TRACKING_URI");

  /** Where registered models are kept. */
  public static final ConfigKey<StoreUri> REGISTRY_URI =
      new ConfigKey<>(
          "registry.uri",
          new StoreUriType(),
          null,
          "Where registered models are kept: a folder or a server; by default where runs are.",
          "MLFLOW_REGISTRY_URI");

  /** The user's name at the tracking server. */
  public static final ConfigKey<String> TRACKING_USERNAME =
      new ConfigKey<>(
          "tracking.username",
          new TextType(MAX_NAME),
          null,
          "The user's name at the tracking server.",
          "MLFLOW_TRACKING_USERNAME");

  /** The user's password at the tracking server. */
  public static final ConfigKey<Secret> TRACKING_PASSWORD =
      new ConfigKey<>(
          "tracking.password",
          new SecretType(),
          null,
          "The user's password at the tracking server.",
          "MLFLOW_TRACKING_PASSWORD");

  /** The bearer token for the tracking server. */
  public static final ConfigKey<Secret> TRACKING_TOKEN =
      new ConfigKey<>(
          "tracking.token",
          new SecretType(),
          null,
          "The bearer token for the tracking server.",
          "MLFLOW_TRACKING_TOKEN");

  /** The experiment of a run that names none. */
  public static final ConfigKey<String> EXPERIMENT =
      new ConfigKey<>(
          "experiment",
          new TextType(MAX_NAME),
          "default",
          "The experiment of a run that names none.",
          "MLFLOW_EXPERIMENT_NAME");

  /** Whether anything is tracked and logged. */
  public static final ConfigKey<Boolean> ENABLED =
      new ConfigKey<>(
          "enabled",
          new BooleanType(),
          "true",
          "Whether runs are tracked and predictions logged; if not, these calls do nothing.");

  /** The user that runs are recorded for. */
  public static final ConfigKey<String> USER =
      new ConfigKey<>(
          "user",
          new TextType(MAX_NAME),
          null,
          "The user that runs are recorded for; by default the user of the operating system.");

  /** Where the ring of the journal lives. */
  public static final ConfigKey<RingKind> RING =
      new ConfigKey<>(
          "journal.ring",
          new EnumType<>(RingKind.class),
          "auto",
          "Where accepted records wait for the writer: mapped survives a kill of the process; heap"
              + " is for file systems on which mapping is unsafe; auto decides.");

  /** The size of the ring, in bytes. */
  public static final ConfigKey<Long> RING_SIZE =
      new ConfigKey<>(
          "journal.ring.size",
          BytesType.powerOfTwo(64 * KIB, GIB),
          "2MiB",
          "How much can wait for the writer.");

  /** When the writer asks the disk to keep what was written. */
  public static final ConfigKey<FsyncPolicy> FSYNC =
      new ConfigKey<>(
          "journal.fsync",
          new EnumType<>(FsyncPolicy.class),
          "interval",
          "When written records are forced to the disk, which only matters for a power cut: none"
              + " (the system decides), interval, or batch (each time).");

  /** The longest time between a write and its sync under {@link FsyncPolicy#INTERVAL}. */
  public static final ConfigKey<Duration> FSYNC_INTERVAL =
      new ConfigKey<>(
          "journal.fsync.interval",
          DurationType.between(Duration.ofMillis(1), Duration.ofHours(1)),
          "1s",
          "The longest time between a write and its sync, when journal.fsync is interval.");

  /** The size at which a segment is closed and the next one begun, in bytes. */
  public static final ConfigKey<Long> SEGMENT_SIZE =
      new ConfigKey<>(
          "journal.segment.size",
          BytesType.between(MIB, GIB),
          "64MiB",
          "The size at which a segment is closed and the next one begun.");

  /** The most that the store may take, in bytes; 0 for no limit. */
  public static final ConfigKey<Long> QUOTA =
      new ConfigKey<>(
          "store.quota",
          BytesType.zeroOrFrom("no limit", MIB),
          "0",
          "The most that the store may take on the disk; beyond it new metrics are refused and"
              + " counted. 0 is no limit.");

  /** The free space that is left to others on the store's disk, in bytes. */
  public static final ConfigKey<Long> RESERVE =
      new ConfigKey<>(
          "store.reserve",
          BytesType.between(0, 1024 * GIB),
          "64MiB",
          "The free space to keep on the store's disk; below it new metrics are refused and"
              + " counted.");

  /** The longest time that closing may take. */
  public static final ConfigKey<Duration> CLOSE_TIMEOUT =
      new ConfigKey<>(
          "close.timeout",
          DurationType.between(Duration.ZERO, Duration.ofHours(1)),
          "10s",
          "The longest time that close() may take.");

  /** Whether the JVM's exit ends the runs that are still open. */
  public static final ConfigKey<ShutdownHook> SHUTDOWN_HOOK =
      new ConfigKey<>(
          "shutdown.hook",
          new EnumType<>(ShutdownHook.class),
          "auto",
          "Whether the JVM's exit ends open runs as KILLED; auto does so where the SDK belongs to"
              + " the application, not to a server that loads applications.");

  /** How often a running process shows that it is alive. */
  public static final ConfigKey<Duration> HEARTBEAT_INTERVAL =
      new ConfigKey<>(
          "heartbeat.interval",
          DurationType.between(Duration.ofMillis(10), Duration.ofHours(1)),
          "10s",
          "How often a process that writes into a run shows that it is alive.");

  /** After how long without a sign of life a run counts as lost; longer than the interval. */
  public static final ConfigKey<Duration> HEARTBEAT_LOST =
      new ConfigKey<>(
          "heartbeat.lost",
          DurationType.between(Duration.ofMillis(20), Duration.ofDays(7)),
          "60s",
          "After how long without a sign of life a run counts as lost; longer than"
              + " heartbeat.interval.");

  /** Where fetched models are kept, by their digest. */
  public static final ConfigKey<Path> CACHE =
      new ConfigKey<>(
          "cache",
          new PathType(),
          null,
          "The folder where fetched models are kept, which the programs of a machine can share; by"
              + " default the folder cache of the store.");

  /** The most that the cache may take, in bytes. */
  public static final ConfigKey<Long> CACHE_SIZE =
      new ConfigKey<>(
          "cache.size",
          BytesType.between(MIB, 1024 * GIB),
          "10GiB",
          "The most that fetched models may take; those that were not used for longest are removed.");

  /** How often the registry is asked whether a reference has moved. */
  public static final ConfigKey<Duration> REGISTRY_POLL =
      new ConfigKey<>(
          "registry.poll",
          DurationType.between(Duration.ofMillis(10), Duration.ofDays(1)),
          "30s",
          "How often the registry is asked whether a model's alias has moved, give or take a fifth.");

  /** For how long an answer of the registry may be used again. */
  public static final ConfigKey<Duration> REGISTRY_METADATA_AGE =
      new ConfigKey<>(
          "registry.metadata.age",
          DurationType.between(Duration.ZERO, Duration.ofHours(1)),
          "5s",
          "For how long the answer to a resolved reference may be used again; changes made through"
              + " the same client show at once.");

  /** After how long without an answer of the registry a model counts as stale. */
  public static final ConfigKey<Duration> REGISTRY_STALE =
      new ConfigKey<>(
          "registry.stale",
          DurationType.between(Duration.ofMillis(20), Duration.ofDays(7)),
          "5m",
          "After how long without an answer of the registry a live model says that it is stale; it"
              + " serves on.");

  private static final List<ConfigKey<?>> OWN =
      List.of(
          FILE,
          STORE,
          TRACKING_URI,
          REGISTRY_URI,
          TRACKING_USERNAME,
          TRACKING_PASSWORD,
          TRACKING_TOKEN,
          EXPERIMENT,
          ENABLED,
          USER,
          RING,
          RING_SIZE,
          FSYNC,
          FSYNC_INTERVAL,
          SEGMENT_SIZE,
          QUOTA,
          RESERVE,
          CLOSE_TIMEOUT,
          SHUTDOWN_HOOK,
          HEARTBEAT_INTERVAL,
          HEARTBEAT_LOST,
          CACHE,
          CACHE_SIZE,
          REGISTRY_POLL,
          REGISTRY_METADATA_AGE,
          REGISTRY_STALE);

  private static final List<ConfigKey<?>> ALL =
      Stream.concat(OWN.stream(), ServerKeys.all().stream()).toList();

  private Keys() {}

  /** Returns all keys, in the order in which they are shown. */
  public static List<ConfigKey<?>> all() {
    return ALL;
  }

  /**
   * Returns the key of a name, or null.
   *
   * @param name the name with or without the prefix {@code plumbline.}
   */
  public static @Nullable ConfigKey<?> find(String name) {
    for (ConfigKey<?> key : ALL) {
      if (key.name().equals(name) || key.property().equals(name)) {
        return key;
      }
    }
    return null;
  }
}
