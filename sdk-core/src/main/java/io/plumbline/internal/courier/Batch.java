package io.plumbline.internal.courier;

import io.plumbline.spi.BatchLimits;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes parcels that can go together, as many as the backend takes at once. */
final class Batch {
  /** So many files go together. */
  static final int FILES = 32;

  private static final long FILE_BYTES = 64L << 20;

  private final BatchLimits limits;
  private final List<Parcel> parcels = new ArrayList<>();
  private int metrics;
  private int params;
  private int tags;

  private Batch(BatchLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes the first parcels that go together; one at least.
   *
   * @param before parcels of records at or behind this ordinal are left; 0 for no such bound
   */
  static List<Parcel> of(Collection<Parcel> waiting, BatchLimits limits, long before) {
    Batch batch = new Batch(limits);
    for (Parcel parcel : waiting) {
      boolean inside = before == 0 || parcel.next() <= before;
      if (!batch.parcels.isEmpty() && (!inside || !batch.takes(parcel))) {
        break;
      }
      batch.add(parcel);
      if (!isUpdate(parcel)) {
        break;
      }
    }
    return batch.parcels;
  }

  /** Takes the first files that may go together: one is as good as many if it is large. */
  static List<Parcel> ofFiles(Collection<Parcel> waiting) {
    List<Parcel> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    long bytes = 0;
    for (Parcel parcel : waiting) {
      if (!(parcel instanceof Parcel.File file)) {
        break;
      }
      bytes += file.size();
      boolean fits = files.isEmpty() || files.size() < FILES && bytes <= FILE_BYTES;
      // Of two contents for one path the later one is to stay.
      if (!fits || !paths.add(file.path())) {
        break;
      }
      files.add(parcel);
    }
    return files;
  }

  /** Whether it goes into a batch of updates; the others go alone. */
  static boolean isUpdate(Parcel parcel) {
    return parcel instanceof Parcel.Point
        || parcel instanceof Parcel.Change
        || parcel instanceof Parcel.Nothing;
  }

  private boolean takes(Parcel parcel) {
    return isUpdate(parcel)
        && parcels.size() < limits.updates()
        && metrics + (parcel instanceof Parcel.Point ? 1 : 0) <= limits.metrics()
        && params + (isParam(parcel) ? 1 : 0) <= limits.params()
        && tags + (isTag(parcel) ? 1 : 0) <= limits.tags();
  }

  private static boolean isParam(Parcel parcel) {
    return parcel instanceof Parcel.Change change && change.update() instanceof RunUpdate.LogParam;
  }

  private static boolean isTag(Parcel parcel) {
    return parcel instanceof Parcel.Change change
        && (change.update() instanceof RunUpdate.SetTag
            || change.update() instanceof RunUpdate.DeleteTag);
  }

  private void add(Parcel parcel) {
    parcels.add(parcel);
    metrics += parcel instanceof Parcel.Point ? 1 : 0;
    params += isParam(parcel) ? 1 : 0;
    tags += isTag(parcel) ? 1 : 0;
  }
}
