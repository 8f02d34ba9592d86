package io.plumbline.internal.courier;

import io.plumbline.StoreException;
import io.plumbline.internal.journal.RunFolders;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What runs and models of a store are called at a destination, and how far they have come. */
public final class Delivered {
  /** The destination that the tracking URI names. */
  public static final String SERVER = "server";

  private Delivered() {}

  /** Returns whether a run of a store goes to a destination. */
  public static boolean goes(Path store, String runId, String destination) {
    return remote(store, runId, destination).isPresent();
  }

  /** Returns what a run is called there; nothing if it has not arrived. */
  public static Optional<String> run(Path store, String runId, String destination) {
    return remote(store, runId, destination).map(Remote::id);
  }

  /** Returns whether somebody else has made it there, whose it stays. */
  public static boolean isAdopted(Path store, String runId, String destination) {
    return remote(store, runId, destination).map(Remote::adopted).orElse(false);
  }

  private static Optional<Remote> remote(Path store, String runId, String destination) {
    try {
      return files(store, runId, destination).remote();
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  /** Returns what a model of a run is called there; nothing if it has not arrived. */
  public static Optional<String> model(
      Path store, String runId, String modelId, String destination) {
    try {
      return files(store, runId, destination).model(modelId);
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  /** Returns how far a run has come on its way to each destination, configured today or not. */
  public static List<DeliveryState> states(Path store, String runId) {
    List<DeliveryState> states = new ArrayList<>();
    Path folder = folder(store, runId);
    try {
      for (String destination : DeliveryFiles.destinations(folder)) {
        DeliveryFiles notes = new DeliveryFiles(folder, destination);
        Optional<Remote> remote = notes.remote();
        if (remote.isPresent()) {
          states.add(DeliveryState.of(folder, destination, notes, remote.get()));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of(); // erased meanwhile
    } catch (IOException e) {
      throw unreadable(store, e);
    }
    return states;
  }

  /** Returns the state of a run of which a destination has nothing, whatever is noted of it. */
  public static DeliveryState unsent(Path store, String runId, String destination) {
    try {
      return DeliveryState.of(
          folder(store, runId), destination, files(store, runId, destination), Remote.UNKNOWN);
    } catch (IOException e) {
      throw unreadable(store, e);
    }
  }

  /** Returns the destinations that have refused something of a run, configured today or not. */
  public static SortedSet<String> refusing(Path store, String runId) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    Path folder = folder(store, runId);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "*" + DeliveryFiles.REJECTED)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String start = name.substring(0, name.length() - DeliveryFiles.REJECTED.length());
        names.add(start.substring(start.lastIndexOf('.') + 1));
      }
    }
    return names;
  }

  /** Returns the records of a run that a destination has refused, each with its reason. */
  public static List<Map<String, @Nullable Object>> rejected(
      Path store, String runId, String destination) throws IOException {
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    Path folder = folder(store, runId);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "*." + destination + DeliveryFiles.REJECTED)) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          found.add(rejected(line, file));
        }
      }
    }
    return found;
  }

  /** A full disk may have cut a line off. */
  private static Map<String, @Nullable Object> rejected(String line, Path file) {
    try {
      return Json.object(line, file.toString()).asMap();
    } catch (JsonException e) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("what", "record");
      json.put("reason", "the line that says it can't be read: " + e.getMessage());
      return json;
    }
  }

  private static DeliveryFiles files(Path store, String runId, String destination) {
    return new DeliveryFiles(folder(store, runId), destination);
  }

  private static Path folder(Path store, String runId) {
    return store.resolve("runs").resolve(RunFolders.name(runId));
  }

  private static StoreException unreadable(Path store, IOException e) {
    return new StoreException("the store " + store + " can't be read: " + e, e);
  }
}
