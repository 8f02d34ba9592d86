package io.plumbline;

import io.plumbline.internal.Nearest;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.Explained;
import io.plumbline.internal.config.Explanation;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.config.Settings;
import io.plumbline.internal.config.Sources;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.Destination;
import io.plumbline.spi.CredentialProvider;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The settings of the SDK, each with the place it came from; immutable.
 *
 * <p>A setting such as {@code journal.fsync} is looked for, in this order, in the code ({@link
 * Builder#set(String, String)}), the system property {@code plumbline.journal.fsync}, the
 * environment variable {@code PLUMBLINE_JOURNAL_FSYNC} (then the variable of MLflow for the same
 * thing, if there is one), the settings file, and the default. The file is the one that the setting
 * {@code config} names, else {@code plumbline.properties} in the working directory; it has lines
 * such as {@code plumbline.journal.fsync=none}, in UTF-8. Outside the code a blank value counts as
 * none. {@link #explain()} shows the outcome.
 */
public final class Config {

  private final Settings settings;
  private final @Nullable ClassLoader classLoader;
  private final @Nullable CredentialProvider credentials;
  private final Map<String, Config> copies;

  private Config(
      Settings settings,
      @Nullable ClassLoader classLoader,
      @Nullable CredentialProvider credentials,
      Map<String, Config> copies) {
    this.settings = settings;
    this.classLoader = classLoader;
    this.credentials = credentials;
    this.copies = copies;
  }

  /**
   * Reads all layers; the same as {@code builder().build()}.
   *
   * @throws ConfigException when a value cannot be used
   */
  public static Config load() {
    return builder().build();
  }

  /** Returns a builder: what is set in it wins over all other layers. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the folder of the embedded store, as an absolute path. */
  public Path store() {
    return get(Keys.STORE);
  }

  /**
   * Returns where runs are kept: the folder of {@link #store()}, or the address of a server, which
   * never holds credentials.
   */
  public String trackingUri() {
    StoreUri uri = get(Keys.TRACKING_URI);
    return uri.toString();
  }

  /** Returns the experiment of a run that names none. */
  public String experiment() {
    return get(Keys.EXPERIMENT);
  }

  /** Returns whether runs are tracked and predictions logged. */
  public boolean enabled() {
    return get(Keys.ENABLED);
  }

  /** Returns the class loader in which to look for providers, if the code named one. */
  public Optional<ClassLoader> classLoader() {
    return Optional.ofNullable(classLoader);
  }

  /** Returns who gives the credentials for servers, if the code named somebody. */
  public Optional<CredentialProvider> credentials() {
    return Optional.ofNullable(credentials);
  }

  /** Returns how to reach the further servers that get every run, by their names. */
  public Map<String, Config> copies() {
    return copies;
  }

  /**
   * Returns the value of a key; for the SDK's own modules.
   *
   * @throws IllegalStateException when the key has no default and was not set; ask {@link
   *     #find(ConfigKey)} for such a key
   */
  public <T> T get(ConfigKey<T> key) {
    T value = settings.value(key);
    if (value == null) {
      throw new IllegalStateException(key + " is not set; ask find() for a key without a default");
    }
    return value;
  }

  /** Returns the value of a key, if it was set or has a default; for the SDK's own modules. */
  public <T> Optional<T> find(ConfigKey<T> key) {
    return Optional.ofNullable(settings.value(key));
  }

  /**
   * Returns where the value of a key came from, for a {@link ConfigException}; for the SDK's own
   * modules.
   */
  public String source(ConfigKey<?> key) {
    return settings.source(key);
  }

  /** Returns all settings, in a fixed order; secrets are hidden. */
  public List<Entry> entries() {
    return entries(settings);
  }

  private static List<Entry> entries(Settings settings) {
    List<Entry> entries = new ArrayList<>();
    for (ConfigKey<?> key : Keys.all()) {
      entries.add(new Entry(key.property(), settings.text(key), settings.source(key), key.doc()));
    }
    return List.copyOf(entries);
  }

  /**
   * Returns a sentence for each name that looks like a setting and is none, and for each line of
   * the file that replaces an earlier one. They were logged when this was built.
   */
  public List<String> warnings() {
    return settings.warnings();
  }

  /**
   * Returns a table for people: a line for each key with its value and where it came from, then the
   * warnings. Secrets are hidden.
   */
  public String explain() {
    return Explanation.text(entries(), warnings());
  }

  /** Returns the few settings that matter most, for a log; no secret is among them. */
  @Override
  public String toString() {
    return "Config[store="
        + store()
        + ", tracking.uri="
        + trackingUri()
        + ", experiment="
        + experiment()
        + ", enabled="
        + enabled()
        + "]";
  }

  /**
   * One setting, as {@link #entries()} lists it.
   *
   * @param key the full name, such as {@code plumbline.journal.fsync}
   * @param value the value as text; empty when there is none, {@code [hidden]} for a secret
   * @param source where the value came from
   * @param doc what the setting is for
   */
  public record Entry(String key, String value, String source, String doc) {}

  /** Collects what the code sets, and then reads the other layers; not for several threads. */
  public static final class Builder {

    private final Map<ConfigKey<?>, String> code = new HashMap<>();
    private Sources sources = Sources.SYSTEM;
    private @Nullable ClassLoader classLoader;
    private @Nullable CredentialProvider credentials;
    private final Map<String, Config> copies = new LinkedHashMap<>();
    private @Nullable OncePerMinute log;

    private Builder() {}

    /**
     * Sets the folder of the embedded store.
     *
     * @param folder a folder of the default file system; a relative one starts at the working
     *     directory
     * @throws IllegalArgumentException when the path belongs to another file system
     */
    public Builder store(Path folder) {
      Objects.requireNonNull(folder, "folder");
      if (!folder.getFileSystem().equals(FileSystems.getDefault())) {
        throw new IllegalArgumentException(
            "the store must be on the default file system, which " + folder.toUri() + " is not");
      }
      return put(Keys.STORE, folder.toAbsolutePath().toString());
    }

    /**
     * Sets where runs are kept.
     *
     * @param uri a folder, a {@code file:} URI or the http(s) address of a server, without
     *     credentials
     */
    public Builder trackingUri(String uri) {
      return put(Keys.TRACKING_URI, Objects.requireNonNull(uri, "uri"));
    }

    /**
     * Sets the experiment of a run that names none.
     *
     * @param name 1 to 500 characters on one line
     */
    public Builder experiment(String name) {
      return put(Keys.EXPERIMENT, Objects.requireNonNull(name, "name"));
    }

    /** Sets whether runs are tracked and predictions logged. */
    public Builder enabled(boolean enabled) {
      return put(Keys.ENABLED, Boolean.toString(enabled));
    }

    /**
     * Sets any setting.
     *
     * @param key its name, such as {@code journal.fsync}; the prefix {@code plumbline.} is optional
     * @param value its value as text; what is wrong with it is said by {@link #build()}
     * @throws IllegalArgumentException when there is no such key
     */
    public Builder set(String key, String value) {
      Objects.requireNonNull(key, "key");
      return put(known(key), Objects.requireNonNull(value, "value"));
    }

    /**
     * Sets a setting that is a secret.
     *
     * @param key its name, such as {@code tracking.token}
     * @param value its value
     * @throws IllegalArgumentException when there is no such key, or it is not for a secret and
     *     would therefore be shown
     */
    public Builder set(String key, Secret value) {
      Objects.requireNonNull(key, "key");
      ConfigKey<?> known = known(key);
      if (!known.isSecret()) {
        throw new IllegalArgumentException(known + " is not kept secret; set it as text");
      }
      return put(known, Objects.requireNonNull(value, "value").reveal());
    }

    /**
     * Sets the class loader in which to look for providers; by default that of the SDK, then the
     * thread's.
     */
    public Builder classLoader(ClassLoader loader) {
      this.classLoader = Objects.requireNonNull(loader, "loader");
      return this;
    }

    /**
     * Sets who gives the credentials for servers, in place of all that is configured: for tokens
     * that are fetched in a way of their own. It is asked before each request, and again after a
     * 401; it is not closed.
     */
    public Builder credentials(CredentialProvider provider) {
      this.credentials = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Has every run delivered to a further server, too, beside the one of the tracking URI if there
     * is one. What has arrived is remembered by the name.
     *
     * @param name 1 to 64 letters, digits, {@code _} or {@code -}
     * @param server says with its tracking URI and credentials how to reach the server; the rest of
     *     it is not used
     * @throws IllegalArgumentException if it is no name
     */
    public Builder copyTo(String name, Config server) {
      Objects.requireNonNull(server, "server");
      if (!Destination.isName(name) || name.equals(Delivered.SERVER)) {
        throw new IllegalArgumentException(
            "a further server needs a name of 1 to 64 letters, digits, '_' or '-', other than '"
                + Delivered.SERVER
                + "', not "
                + Printable.quote(name));
      }
      copies.put(name, server);
      return this;
    }

    /**
     * Leaves out all other layers: neither system properties nor the environment nor a file in the
     * working directory are read, only a file that the code names. The store is then by default
     * {@code .plumbline} in the working directory, the user is {@code unknown}, and runs do not say
     * which program has started them.
     */
    public Builder isolated() {
      this.sources = Sources.NONE;
      return this;
    }

    /** Puts others in the place of this machine's layers and of the SDK's log; for tests. */
    Builder sources(Sources sources, OncePerMinute log) {
      this.sources = sources;
      this.log = log;
      return this;
    }

    /**
     * Reads the other layers and checks every value; logs each of the {@link Config#warnings()},
     * but not more than once a minute in one JVM.
     *
     * @throws ConfigException when a value cannot be used
     */
    public Config build() {
      Settings settings = Settings.load(sources, code);
      Config config = new Config(settings, classLoader, credentials, allCopies(settings));
      config.warnings().forEach(this::warn);
      return config;
    }

    private void warn(String warning) {
      OncePerMinute to = log == null ? Warnings.LOG : log;
      to.warn(warning, warning);
    }

    /** Those of the setting, whose files are read alone, and those of the code, which win. */
    private Map<String, Config> allCopies(Settings settings) {
      Map<String, Config> all = new LinkedHashMap<>();
      Map<String, Path> files = settings.value(ServerKeys.COPIES);
      if (files != null) {
        files.forEach(
            (name, file) -> {
              all.put(name, builder().isolated().put(Keys.FILE, "" + file).build());
              for (String key : Settings.withoutPrefix(file)) {
                warn(
                    Printable.escape(file.toString())
                        + ": "
                        + key
                        + " is not a setting and has no effect; did you mean plumbline."
                        + key
                        + "?");
              }
            });
      }
      all.putAll(copies);
      all.forEach(
          (name, copy) -> {
            Path file = copies.containsKey(name) || files == null ? null : files.get(name);
            requireServer(settings, name, copy, file);
          });
      return Collections.unmodifiableMap(all);
    }

    private static void requireServer(
        Settings settings, String name, Config copy, @Nullable Path file) {
      if (name.equals(Delivered.SERVER) || copy.get(Keys.TRACKING_URI).remote() == null) {
        String bare =
            file != null && Settings.withoutPrefix(file).contains(Keys.TRACKING_URI.name())
                ? ": "
                    + Printable.escape(file.toString())
                    + " says tracking.uri, without plumbline. before it"
                : "";
        throw new ConfigException(
            ServerKeys.COPIES.property(),
            file == null ? "the code" : settings.source(ServerKeys.COPIES),
            "'" + name + "' names no further server" + bare,
            "settings whose "
                + Keys.TRACKING_URI.property()
                + " is a server's address, under a name other than '"
                + Delivered.SERVER
                + "'");
      }
    }

    /**
     * Returns what {@link #build} would find, and what is wrong with it in place of an exception;
     * for the SDK's own modules.
     */
    public Explained explained() {
      Settings settings = Settings.explained(sources, code);
      try {
        allCopies(settings);
      } catch (ConfigException e) {
        settings = settings.without(ServerKeys.COPIES, e);
      }
      return new Explained(entries(settings), settings.warnings(), settings.problems());
    }

    private Builder put(ConfigKey<?> key, String value) {
      code.put(key, value);
      return this;
    }

    private static ConfigKey<?> known(String name) {
      ConfigKey<?> key = Keys.find(name);
      if (key == null) {
        List<String> names = new ArrayList<>();
        for (ConfigKey<?> each : Keys.all()) {
          names.add(name.startsWith("plumbline.") ? each.property() : each.name());
        }
        String nearest = Nearest.match(name, names);
        throw new IllegalArgumentException(
            "there is no setting "
                + Printable.quote(name)
                + (nearest == null
                    ? "; Config.load().explain() lists all of them"
                    : "; did you mean " + nearest + "?"));
      }
      return key;
    }
  }

  /** Made only when there is something to warn about: a logger takes its time to start. */
  private static final class Warnings {

    /** Shared by all, because a program may open the SDK many times with the same mistake. */
    static final OncePerMinute LOG =
        new OncePerMinute(LoggerFactory.getLogger(Config.class), Time.SYSTEM);
  }
}
