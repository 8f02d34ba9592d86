package io.plumbline.drift.internal.compat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each value appears in the reference and in the current rows, missing ones left out.
 *
 * @param reference counts by value
 * @param current counts of the same values in the same order
 * @param first where the smallest value is: of numbers the least, of texts the first by code points
 */
@SuppressWarnings("ArrayRecordComponent") // stays inside this package
record CategoryCounts(long[] reference, long[] current, int first) {

  static CategoryCounts of(Sample reference, Sample current) {
    boolean texts = reference.kind() == Sample.Kind.TEXT;
    if (texts != (current.kind() == Sample.Kind.TEXT)) {
      throw new IllegalArgumentException(
          "the column has texts on one side and numbers on the other; give both the same type");
    }
    return texts ? ofTexts(reference, current) : ofNumbers(reference, current);
  }

  private static CategoryCounts ofTexts(Sample reference, Sample current) {
    Map<String, Integer> places = new HashMap<>();
    for (Sample sample : new Sample[] {reference, current}) {
      for (String text : sample.dictionary()) {
        places.putIfAbsent(text, places.size());
      }
    }
    long[] before = count(reference, places);
    long[] after = count(current, places);
    String[] texts = new String[places.size()];
    places.forEach((text, place) -> texts[place] = text);
    int first = -1;
    for (int i = 0; i < texts.length; i++) {
      boolean there = before[i] + after[i] > 0;
      if (there && (first < 0 || compare(texts[i], texts[first]) < 0)) {
        first = i;
      }
    }
    return withoutEmpty(before, after, first);
  }

  private static long[] count(Sample sample, Map<String, Integer> places) {
    String[] dictionary = sample.dictionary();
    long[] byCode = new long[dictionary.length];
    for (int code : sample.codes()) {
      if (code >= 0) {
        byCode[code]++;
      }
    }
    long[] counts = new long[places.size()];
    for (int code = 0; code < byCode.length; code++) {
      counts[places.getOrDefault(dictionary[code], 0)] += byCode[code];
    }
    return counts;
  }

  private static CategoryCounts ofNumbers(Sample reference, Sample current) {
    NumberSet places = new NumberSet();
    long[] before = count(reference.values(), places);
    long[] after = count(current.values(), places);
    double[] values = places.values();
    int first = 0;
    for (int i = 1; i < values.length; i++) {
      first = values[i] < values[first] ? i : first;
    }
    return withoutEmpty(Arrays.copyOf(before, values.length), after, first);
  }

  private static long[] count(double[] values, NumberSet places) {
    long[] counts = new long[Math.max(16, places.size())];
    for (double value : values) {
      if (!Double.isNaN(value)) {
        int place = places.place(value);
        if (place >= counts.length) {
          counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        counts[place]++;
      }
    }
    return Arrays.copyOf(counts, places.size());
  }

  /** A dictionary may know texts that no row has. */
  private static CategoryCounts withoutEmpty(long[] before, long[] after, int first) {
    int kept = 0;
    int moved = first;
    for (int i = 0; i < before.length; i++) {
      if (before[i] + after[i] > 0) {
        moved = i == first ? kept : moved;
        before[kept] = before[i];
        after[kept++] = after[i];
      }
    }
    return new CategoryCounts(Arrays.copyOf(before, kept), Arrays.copyOf(after, kept), moved);
  }

  private static int compare(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  int size() {
    return reference.length;
  }

  double[] referenceShares() {
    return Bins.shares(reference, Tables.total(reference));
  }

  double[] currentShares() {
    return Bins.shares(current, Tables.total(current));
  }
}
