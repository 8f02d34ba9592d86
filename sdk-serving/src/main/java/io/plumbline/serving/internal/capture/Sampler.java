package io.plumbline.serving.internal.capture;

import java.util.Map;

/**
 * Chooses rows by their request ids: the same ids everywhere, so that logs of several hosts, and
 * labels, fit together. The id's number is the 64-bit FNV-1a hash of its UTF-8, mixed by the
 * finalizer of MurmurHash3; its upper 53 bits are a share from 0 to 1.
 */
final class Sampler {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final double UNIT = 0x1p-53;

  private final double share;
  private final double failures;
  private final Map<String, Double> slices;

  Sampler(CaptureOptions options) {
    this.share = options.sample;
    this.failures = options.failureSample;
    this.slices = Map.copyOf(options.sliceSamples);
  }

  /**
   * With which probability a row is logged: that of its slice, or of all, or of failures if that is
   * greater.
   */
  double share(SlotReader row) {
    Double own = slices.isEmpty() || !row.has(RowLayout.HAS_SLICE) ? null : slices.get(row.slice());
    double rate = own == null ? share : own;
    return failures > rate && row.failed() ? failures : rate;
  }

  static boolean takes(CharSequence id, double share) {
    return share >= 1 || share > 0 && position(id) < share;
  }

  /** Where an id stands between 0 and 1. */
  static double position(CharSequence id) {
    long hash = OFFSET;
    for (int i = 0; i < id.length(); ) {
      int point = Character.codePointAt(id, i);
      i += Character.charCount(point);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        point = '?'; // half a pair, which UTF-8 does not have
      }
      if (point < 0x80) {
        hash = (hash ^ point) * PRIME;
      } else if (point < 0x800) {
        hash = (hash ^ (0xc0 | point >> 6)) * PRIME;
        hash = (hash ^ (0x80 | point & 0x3f)) * PRIME;
      } else if (point < 0x10000) {
        hash = (hash ^ (0xe0 | point >> 12)) * PRIME;
        hash = (hash ^ (0x80 | point >> 6 & 0x3f)) * PRIME;
        hash = (hash ^ (0x80 | point & 0x3f)) * PRIME;
      } else {
        hash = (hash ^ (0xf0 | point >> 18)) * PRIME;
        hash = (hash ^ (0x80 | point >> 12 & 0x3f)) * PRIME;
        hash = (hash ^ (0x80 | point >> 6 & 0x3f)) * PRIME;
        hash = (hash ^ (0x80 | point & 0x3f)) * PRIME;
      }
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return ((hash ^ hash >>> 33) >>> 11) * UNIT;
  }
}
