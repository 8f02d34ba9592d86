package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.drift.internal.profile.Frame;
import io.plumbline.drift.internal.profile.Rebin;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares distributions: a window with the reference that a model was trained on, with the window
 * before, or with another version's.
 *
 * <pre>{@code
 * DriftReport report = Drift.compare(profile, window);
 * if (report.verdict().alarms()) {
 *   System.out.println(report.toMarkdown());
 * }
 * }</pre>
 *
 * <p>One comparison knows one window; {@link DriftMonitor} compares window after window and waits
 * until drift lasts. Counts of equal bins are compared exactly; those of another profile are moved
 * into the reference's bins first, as if the values of a bin were spread evenly, and the report
 * says so.
 */
public final class Drift {
  private Drift() {}

  /** Compares a window with a reference, by the standard policy. */
  public static DriftReport compare(Profile reference, WindowCounts window) {
    return compare(reference, window, AlarmPolicy.standard());
  }

  /** Compares a window with a reference. */
  public static DriftReport compare(Profile reference, WindowCounts window, AlarmPolicy policy) {
    String name = reference.label().orElse("profile " + reference.id().substring(0, 12));
    return compare(name, reference.counts(), window, policy);
  }

  /** Compares two profiles, such as those of two versions' training data. */
  public static DriftReport compare(Profile reference, Profile current) {
    return compare(reference, current.counts());
  }

  /** Compares a window with another one, such as the window before or another version's. */
  public static DriftReport compare(WindowCounts reference, WindowCounts window) {
    return compare(reference, window, AlarmPolicy.standard());
  }

  /**
   * Compares a window with another one.
   *
   * @throws IllegalArgumentException if they have no column in common, or one has numbers where the
   *     other has categories
   */
  public static DriftReport compare(
      WindowCounts reference, WindowCounts window, AlarmPolicy policy) {
    return compare("another window", reference, window, policy);
  }

  /**
   * Compares a window with another one.
   *
   * @param name what the report calls the other one, such as the day that it is of
   * @throws IllegalArgumentException as above
   */
  public static DriftReport compare(
      String name, WindowCounts reference, WindowCounts window, AlarmPolicy policy) {
    Frame left = reference.frame();
    Frame right = window.frame();
    boolean exact = left.digest().equals(right.digest());
    List<ColumnFrame> frames = new ArrayList<>();
    List<Counts> before = new ArrayList<>();
    List<Counts> now = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    boolean common = false;
    for (int i = 0; i < left.columns().size(); i++) {
      ColumnFrame frame = left.columns().get(i);
      int position = right.find(frame.name());
      common |= position >= 0;
      Counts counts = position < 0 ? Counts.none(frame) : window.counts().get(position);
      if (position < 0 || (counts.rows() == 0 && window.rows() > 0)) {
        if (frame.role() != ColumnRole.TARGET) { // what came true is not known yet
          absent.add(frame.name());
        }
        continue;
      }
      frames.add(frame);
      before.add(reference.counts().get(i));
      now.add(exact ? counts : Rebin.into(frame, right.columns().get(position), counts));
    }
    if (!common) {
      throw new IllegalArgumentException("the two sides have no column in common");
    }
    List<ColumnDrift> columns = new Comparison(policy, window.rows()).columns(frames, before, now);
    return new DriftReport(name, reference, window, policy, columns, absent, exact, 1);
  }
}
