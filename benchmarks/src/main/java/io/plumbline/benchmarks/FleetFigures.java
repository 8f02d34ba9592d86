package io.plumbline.benchmarks;

import io.plumbline.internal.courier.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ten thousand clients with the real courier's pacing, in virtual time, and a server of fixed
 * capacity that is away for an hour.
 */
final class FleetFigures {
  private static final int CLIENTS = 10_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long GOES = 120 * SECOND;
  private static final long RETURNS = GOES + 3_600 * SECOND;

  private FleetFigures() {}

  /** What the server does with requests beyond its capacity. */
  enum Overload {
    /** Answers at once that it is busy. */
    REFUSES("refuses what is too much"),
    /** The same, and when to come again. */
    SAYS_WHEN("says when to come again"),
    /** Has them wait, and does the work, though the client may have given up. */
    QUEUES("has requests wait");

    private final String what;

    Overload(String what) {
      this.what = what;
    }
  }

  /** Requests come; so many a second are done. */
  private static final class Server {
    private final Overload overload;
    private final double capacity;
    private double busyUntil;

    Server(Overload overload, double capacity) {
      this.overload = overload;
      this.capacity = capacity;
    }

    /** Returns when the answer is there; a negative time if it is refused. */
    long answer(long now) {
      double free = Math.max(busyUntil, (double) now);
      if (overload != Overload.QUEUES && free - now > SECOND) {
        return -1;
      }
      busyUntil = free + SECOND / capacity;
      return (long) busyUntil;
    }
  }

  /** One courier with batches to send, a new one every so often. */
  private static final class Client {
    private final Pace pace;
    private final long period;
    private final long first;
    private long sent;
    private long patience = 10 * SECOND;

    Client(long seed, long period) {
      SplittableRandom random = new SplittableRandom(seed);
      this.pace = new Pace(random);
      this.period = period;
      this.first = random.nextLong(period);
    }

    /** When the next request goes out, if nothing is under way. */
    long next(long now) {
      long made = first + sent * period;
      return Math.max(Math.max(now, made), now + Math.max(0, pace.waitFrom(now)));
    }

    void answered(long now) {
      sent++;
      patience = 10 * SECOND;
      pace.succeeded(now);
    }

    void refused(long now, @Nullable Duration wanted) {
      pace.failed(now, wanted);
    }

    void gaveUp(long now) {
      patience = Math.min(120 * SECOND, 2 * patience);
      pace.failed(now, null);
    }
  }

  private record Event(long time, int client, boolean answer, boolean good)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return Long.compare(time, other.time);
    }
  }

  /** Returns how many requests were offered in each second. */
  static long[] simulate(Overload overload, double capacity, long seed, int hours) {
    // Half of the capacity is what they need when all is well.
    long period = (long) (CLIENTS * SECOND / (capacity / 2));
    Client[] clients = new Client[CLIENTS];
    Server server = new Server(overload, capacity);
    long end = RETURNS + hours * 3_600L * SECOND;
    long[] offered = new long[(int) (end / SECOND) + 1];
    PriorityQueue<Event> events = new PriorityQueue<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = new Client(seed * CLIENTS + i, period);
      events.add(new Event(clients[i].next(0), i, false, false));
    }
    for (Event event = events.poll(); event != null && event.time < end; event = events.poll()) {
      Client client = clients[event.client];
      long now = event.time;
      if (event.answer) {
        if (event.good) {
          client.answered(now);
        } else {
          client.gaveUp(now);
        }
        events.add(new Event(client.next(now), event.client, false, false));
        continue;
      }
      offered[(int) (now / SECOND)]++;
      boolean away = now >= GOES && now < RETURNS;
      long answer = away ? -1 : server.answer(now);
      if (answer < 0) {
        boolean says = !away && overload == Overload.SAYS_WHEN;
        client.refused(now, says ? Duration.ofSeconds(10) : null);
        events.add(new Event(client.next(now), event.client, false, false));
      } else if (answer - now > client.patience) {
        events.add(new Event(now + client.patience, event.client, true, false));
      } else {
        events.add(new Event(answer, event.client, true, true));
      }
    }
    return offered;
  }

  /** Returns the largest load of any minute that begins with one of these seconds or later. */
  static double peak(long[] offered, long from) {
    long sum = 0;
    long most = 0;
    for (int second = (int) from; second < offered.length - 1; second++) {
      sum += offered[second];
      if (second >= from + 60) {
        sum -= offered[second - 60];
      }
      most = Math.max(most, sum);
    }
    return most / 60.0;
  }

  /** The largest load of any minute after the server's return, over its capacity. */
  static final class Peak implements Figures.Figure {
    private static final double CAPACITY = 1_000;

    @Override
    public void measure(Figures.Context context) {
      if (!context.quick()) {
        for (double other : new double[] {200, 5_000}) {
          peaks(context, other);
        }
      }
      double[] peaks = peaks(context, CAPACITY);
      double worst = Arrays.stream(peaks).max().orElseThrow();
      context.result("courier.fleet.peak", worst, "x", "(the largest of " + peaks.length + ")");
    }

    private static double[] peaks(Figures.Context context, double capacity) {
      List<Double> peaks = new ArrayList<>();
      for (Overload overload : Overload.values()) {
        long[] offered = simulate(overload, capacity, 1, 1);
        double peak = peak(offered, RETURNS / SECOND) / capacity;
        peaks.add(peak);
        context.note(
            String.format(
                "a server of %.0f requests/s that %s: %.2f; minute by minute:%s",
                capacity, overload.what, peak, minutes(offered, capacity)));
      }
      return peaks.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String minutes(long[] offered, double capacity) {
      StringBuilder text = new StringBuilder();
      for (int minute : new int[] {0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 30, 59}) {
        int from = (int) (RETURNS / SECOND) + minute * 60;
        double mean = Arrays.stream(offered, from, from + 60).average().orElseThrow();
        text.append(String.format(" %d: %.2f", minute, mean / capacity));
      }
      return text.toString();
    }
  }
}
