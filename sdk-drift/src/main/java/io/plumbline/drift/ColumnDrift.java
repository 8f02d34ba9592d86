package io.plumbline.drift;

import java.util.List;
import java.util.Optional;

/**
 * How one column of a window compares with the reference.
 *
 * @param name the column
 * @param role what it is to the model
 * @param kind what its values are
 * @param n its rows in the reference
 * @param m its rows in the window
 * @param flagged what this window alone says
 * @param verdict what it says together with the windows before; the same where there are none
 * @param pValue of the chi-square test; NaN if there is none
 * @param adjusted the p-value adjusted over all columns of the window; NaN if there is none
 * @param effect how far it moved, in the policy's measure; NaN if there is none
 * @param criticalEffect what corrected PSI exceeds once in a hundred windows without drift
 * @param figures all metrics that counts can give
 * @param rates how often something odd came
 * @param shares every group or category with its share before and now
 * @param moved the most important of them, neighbours put together
 * @param restsOn the windows in which it was flagged, if the verdict is an alarm of {@link
 *     DriftMonitor}, the oldest first; this one is not among them if it is calm
 * @param explanation what moved, and by how much, in a sentence
 */
public record ColumnDrift(
    String name,
    ColumnRole role,
    ColumnKind kind,
    long n,
    long m,
    Verdict flagged,
    Verdict verdict,
    double pValue,
    double adjusted,
    double effect,
    double criticalEffect,
    List<DriftFigure> figures,
    List<RateChange> rates,
    List<ShareChange> shares,
    List<ShareChange> moved,
    List<FlaggedWindow> restsOn,
    String explanation) {

  /** Copies the lists. */
  public ColumnDrift {
    figures = List.copyOf(figures);
    rates = List.copyOf(rates);
    shares = List.copyOf(shares);
    moved = List.copyOf(moved);
    restsOn = List.copyOf(restsOn);
  }

  /**
   * The effect for which it alarms: its own, and where this window is calm and the alarm rests on
   * windows before, the largest one of those.
   */
  public double lastingEffect() {
    if (flagged.alarms()) {
      return effect;
    }
    return restsOn.stream()
        .mapToDouble(FlaggedWindow::effect)
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(effect);
  }

  /** Whether this window alone flags it, and it is no alarm because drift must last. */
  public boolean pending() {
    return flagged.alarms() && !verdict.alarms();
  }

  /** A metric by its name, such as {@code psi}, {@code js} or {@code ks}. */
  public Optional<DriftFigure> figure(String method) {
    return figures.stream().filter(figure -> figure.method().equals(method)).findFirst();
  }

  /** A rate by its name, such as {@code missing}. */
  public Optional<RateChange> rate(String rate) {
    return rates.stream().filter(change -> change.name().equals(rate)).findFirst();
  }

  /** What the distribution alone says, whatever the rates. */
  Verdict moved(AlarmPolicy policy) {
    if (!(adjusted <= policy.significance())) {
      return Verdict.OK;
    }
    // Columns that do not have the policy's effect are judged by the standard one.
    boolean own = figure(policy.effect().method()).isPresent();
    AlarmPolicy limits = own ? policy : AlarmPolicy.standard();
    if (effect >= limits.alert()) {
      return Verdict.ALERT;
    }
    return effect >= limits.warn() ? Verdict.WARN : Verdict.OK;
  }

  ColumnDrift judged(Verdict lasting, List<FlaggedWindow> windows, String sentence) {
    return new ColumnDrift(
        name,
        role,
        kind,
        n,
        m,
        flagged,
        lasting,
        pValue,
        adjusted,
        effect,
        criticalEffect,
        figures,
        rates,
        shares,
        moved,
        windows,
        sentence);
  }
}
