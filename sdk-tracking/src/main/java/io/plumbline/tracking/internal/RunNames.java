package io.plumbline.tracking.internal;

import java.util.concurrent.ThreadLocalRandom;

/** Names for runs that were given none: easy to say and to tell apart. */
final class RunNames {
  private static final String[] FIRST = {
    "amber", "bold", "brisk", "calm", "clever", "copper", "crisp", "eager", "fair", "gentle",
    "golden", "grand", "honest", "keen", "level", "lively", "lucid", "mellow", "nimble", "plain",
    "proud", "quick", "quiet", "rapid", "silver", "sober", "steady", "stout", "swift", "true",
    "upright", "warm"
  };
  private static final String[] SECOND = {
    "alder", "anchor", "arch", "aspen", "badger", "beacon", "beam", "birch", "bridge", "cedar",
    "crane", "falcon", "gable", "harbor", "heron", "keel", "lantern", "larch", "lintel", "maple",
    "mason", "otter", "pillar", "plover", "quarry", "rafter", "raven", "rowan", "spire", "tern",
    "tower", "wren"
  };

  private RunNames() {}

  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return FIRST[random.nextInt(FIRST.length)]
        + "-"
        + SECOND[random.nextInt(SECOND.length)]
        + "-"
        + (100 + random.nextInt(900));
  }
}
