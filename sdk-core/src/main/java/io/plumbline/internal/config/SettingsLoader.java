package io.plumbline.internal.config;

import io.plumbline.ConfigException;
import io.plumbline.internal.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the value of every key, once.
 *
 * <p>This runs when a program starts, so it uses neither regular expressions nor streams, and
 * builds text only for what is shown.
 */
final class SettingsLoader {

  private static final String BY_DEFAULT = "default";

  private final Sources sources;
  private final Map<ConfigKey<?>, String> code;
  private final SettingTable settings = new SettingTable();
  private final List<String> warnings = new ArrayList<>();
  private final boolean lenient;
  private final Map<ConfigKey<?>, ConfigException> unusable = new LinkedHashMap<>();

  private SettingsLoader(Sources sources, Map<ConfigKey<?>, String> code, boolean lenient) {
    this.sources = sources;
    this.code = code;
    this.lenient = lenient;
  }

  /**
   * Finds all values.
   *
   * @param sources the layers outside the code
   * @param code what the code has set, as text
   * @param lenient whether one that cannot be used is marked, instead of an exception
   * @throws ConfigException when one cannot be used
   */
  static Settings load(Sources sources, Map<ConfigKey<?>, String> code, boolean lenient) {
    return new SettingsLoader(sources, code, lenient).load();
  }

  private Settings load() {
    SettingsFile file = file();
    Layers layers = new Layers(code, sources, file);
    for (ConfigKey<?> key : Keys.all()) {
      if (key != Keys.FILE) {
        put(resolve(layers, key));
      }
    }
    try {
      bringTogether();
    } catch (ConfigException e) {
      refuse(e);
    }
    warnings.addAll(UnknownNames.warnings(sources, file));
    unusable.keySet().forEach(this::leaveWhatFollowsFrom);
    return new Settings(settings.all(), warnings, unusable);
  }

  private void bringTogether() {
    agreeOnPlaces();
    agreeOnExperiment();
    checkHeartbeat();
    new ServerRules(settings, sources).apply(warnings);
    if (get(Keys.USER).value() == null) {
      put(user());
    }
    leaveMachineAlone();
  }

  private void refuse(ConfigException why) {
    ConfigKey<?> key = Keys.find(why.key());
    if (!lenient || key == null) {
      throw why;
    }
    unusable.putIfAbsent(key, why);
  }

  private void leaveWhatFollowsFrom(ConfigKey<?> bad) {
    for (ConfigKey<?> key : Keys.all()) {
      Setting<?> setting = get(key);
      if (setting.source().equals(bad.property())) {
        put(new Setting<>(key, null, setting.source(), setting.layer()));
      }
    }
  }

  private @Nullable SettingsFile file() {
    Setting<Path> setting = resolve(new Layers(code, sources, null), Keys.FILE);
    Path work = sources.workingDirectory();
    if (setting.value() == null && work != null) {
      Path usual = work.resolve(SettingsFile.DEFAULT_NAME);
      if (Files.isRegularFile(usual)) {
        setting = new Setting<>(Keys.FILE, usual, "default: it is there", Layer.DEFAULT);
      }
    }
    put(setting);
    if (setting.value() == null) {
      return null;
    }
    try {
      SettingsFile file = SettingsFile.read(setting.value());
      warnings.addAll(file.repeated());
      return file;
    } catch (BadValueException e) {
      refuse(bad(setting, e.problem(), "a .properties file in UTF-8 of at most 1MiB"));
      return null;
    }
  }

  private <T> Setting<T> resolve(Layers layers, ConfigKey<T> key) {
    Layers.Found found = layers.find(key);
    if (found == null && key.defaultText() != null) {
      found = new Layers.Found(key.defaultText(), BY_DEFAULT, Layer.DEFAULT);
    }
    if (found == null) {
      return new Setting<>(key, null, BY_DEFAULT, Layer.DEFAULT);
    }
    ValueType<T> type = key.type(found.layer());
    try {
      return new Setting<>(key, type.parse(found.text()), found.source(), found.layer());
    } catch (BadValueException e) {
      ConfigException bad =
          new ConfigException(key.property(), found.source(), e.problem(), type.accepted());
      if (found.layer() == Layer.COMMON_VARIABLE) {
        // It was set for other programs: it hurts only who reaches a server.
        settings.unusable(key, bad);
      } else {
        refuse(bad);
      }
      return new Setting<>(key, null, found.source(), found.layer());
    }
  }

  /**
   * Fills in the places that nobody named. Runs that are kept in a folder are kept in the store's
   * folder: if both name one, the stronger layer decides for both.
   */
  private void agreeOnPlaces() {
    Setting<Path> store = get(Keys.STORE);
    Setting<StoreUri> tracking = get(Keys.TRACKING_URI);
    Path folder = tracking.value() == null ? null : tracking.value().folder();
    int order = store.layer().compareTo(tracking.layer());
    if (folder != null && order == 0 && !folder.equals(store.value())) {
      throw bad(
          tracking,
          "it names the folder "
              + Printable.escape(tracking.text())
              + ", but "
              + Keys.STORE
              + " names "
              + Printable.escape(store.text()),
          "the same folder in both, only one of them, or a server");
    }
    if (folder != null && order > 0) {
      store = derived(Keys.STORE, folder, Keys.TRACKING_URI, tracking.layer());
    }
    Path place = store.value();
    if (place == null) {
      DefaultStore found = DefaultStore.find(sources);
      place = found.folder();
      store = new Setting<>(Keys.STORE, place, "default: ".concat(found.reason()), Layer.DEFAULT);
    }
    put(store);
    StoreUri runs = tracking.value();
    if (runs == null || (folder != null && order < 0)) {
      boolean other = folder != null && !folder.equals(place);
      runs = StoreUri.of(place);
      put(
          new Setting<>(
              Keys.TRACKING_URI,
              runs,
              Keys.STORE + (other ? ", which wins over " + tracking.source() : ""),
              store.layer()));
    }
    if (get(Keys.CACHE).value() == null) {
      put(derived(Keys.CACHE, place.resolve("cache"), Keys.STORE, Layer.DEFAULT));
    }
    if (get(Keys.REGISTRY_URI).value() == null) {
      put(derived(Keys.REGISTRY_URI, runs, Keys.TRACKING_URI, Layer.DEFAULT));
    }
  }

  private static <T> Setting<T> derived(ConfigKey<T> key, T value, ConfigKey<?> from, Layer layer) {
    return new Setting<>(key, value, from.property(), layer);
  }

  /**
   * The stronger layer decides; what one layer says of both is compared when the server is asked.
   */
  private void agreeOnExperiment() {
    Setting<String> id = get(ServerKeys.EXPERIMENT_ID);
    StoreUri runs = get(Keys.TRACKING_URI).value();
    if (id.value() == null || runs == null || runs.remote() == null) {
      return;
    }
    int order = get(Keys.EXPERIMENT).layer().compareTo(id.layer());
    if (order < 0) {
      settings.drop(ServerKeys.EXPERIMENT_ID, Keys.EXPERIMENT.property() + " wins");
    } else if (order > 0) {
      String name = ServerKeys.experimentName(id.value());
      put(derived(Keys.EXPERIMENT, name, ServerKeys.EXPERIMENT_ID, id.layer()));
    }
  }

  /** MLflow's own client, too, prefers the name under which the server knows the user. */
  private Setting<String> user() {
    String login = get(Keys.TRACKING_USERNAME).value();
    StoreUri runs = get(Keys.TRACKING_URI).value();
    return login == null || runs == null || runs.remote() == null
        ? systemUser()
        : derived(Keys.USER, login, Keys.TRACKING_USERNAME, Layer.DEFAULT);
  }

  /** Who reads nothing of this machine records nothing of it, unless the code wants that. */
  private void leaveMachineAlone() {
    if (sources.workingDirectory() == null && get(ServerKeys.RUN_SOURCE).layer() == Layer.DEFAULT) {
      put(new Setting<>(ServerKeys.RUN_SOURCE, false, "default: isolated", Layer.DEFAULT));
    }
  }

  private Setting<String> systemUser() {
    String name = sources.property("user.name");
    try {
      // The JVM says "?" when the system has no name for the user, as in many containers.
      if (name != null && !name.equals("?")) {
        String user = Keys.USER.type().parse(name);
        return new Setting<>(Keys.USER, user, "default: the system's user", Layer.DEFAULT);
      }
    } catch (BadValueException e) {
      // A name that cannot be used is as good as none.
    }
    return new Setting<>(Keys.USER, "unknown", BY_DEFAULT, Layer.DEFAULT);
  }

  private void checkHeartbeat() {
    Setting<Duration> interval = get(Keys.HEARTBEAT_INTERVAL);
    Setting<Duration> lost = get(Keys.HEARTBEAT_LOST);
    if (interval.value() == null
        || lost.value() == null
        || lost.value().compareTo(interval.value()) > 0) {
      return;
    }
    // The one that somebody has set is the one to correct.
    boolean lostIsSet = lost.layer() != Layer.DEFAULT;
    throw bad(
        lostIsSet ? lost : interval,
        (lostIsSet ? lost.text() : interval.text())
            + " makes "
            + Keys.HEARTBEAT_LOST
            + " not longer than "
            + Keys.HEARTBEAT_INTERVAL,
        lostIsSet ? "more than " + interval.text() : "less than " + lost.text());
  }

  private static ConfigException bad(Setting<?> setting, String problem, String accepted) {
    return SettingTable.bad(setting, problem, accepted);
  }

  private void put(Setting<?> setting) {
    settings.put(setting);
  }

  private <T> Setting<T> get(ConfigKey<T> key) {
    return settings.get(key);
  }
}
