package io.plumbline.internal.journal;

import io.plumbline.internal.json.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes runs without a journal around them: what tests damage. */
final class Runs {
  static final String WRITER = "00112233445566ff";
  static final String RUN = "0123456789abcdef0123456789abcdef";

  private Runs() {}

  static RunWriter writer(JournalOptions options, Path folder) {
    return new RunWriter(options, RUN, folder, WRITER, WriterView.empty(), null);
  }

  static void event(RunWriter run, Map<String, ? extends @Nullable Object> event, long now) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(event);
    run.event(copy, Json.bytes(copy), now);
  }

  static KeySlot key(RunWriter run, String name, int ring) {
    int id = run.nextKey.getAndIncrement();
    KeySlot slot = new KeySlot(run, new WriterLog.Key(id, ring, name, null, null));
    run.announce(slot);
    return slot;
  }
}
