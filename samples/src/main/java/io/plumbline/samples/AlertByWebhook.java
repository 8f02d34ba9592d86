package io.plumbline.samples;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.AlertMessage;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.RetrainDecision;
import io.plumbline.drift.RetrainEvidence;
import io.plumbline.drift.RetrainPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides whether the model of the flights should be trained again, and posts the decision to a
 * webhook. A scheduler runs it, reads the exit code, and trains.
 */
public final class AlertByWebhook {
  private static final Path FLIGHTS = Path.of("samples/data/flights.csv.gz");
  private static final Instant TRAINED = Instant.parse("2013-04-01T00:00:00Z");
  private static final int LAST_MONTH = 7;
  private static final Instant NOW = Instant.parse("2013-08-01T00:00:00Z");

  private AlertByWebhook() {}

  /** Takes the webhook's address, and {@code slack} if it is one of Slack. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 0) {
      System.err.println("Say where to post: AlertByWebhook URL [slack]");
      System.exit(2);
    }
    RetrainDecision decision = decide();
    System.out.println(decision.verdict() + " " + decision.model());
    AlertMessage message = AlertMessage.of(decision);
    boolean slack = args.length > 1 && args[1].equals("slack");
    post(URI.create(args[0]), slack ? message.toSlackJson() : message.toJson());
    System.exit(decision.exitCode());
  }

  /** Compares the months since the training with it, and asks the policy. */
  private static RetrainDecision decide() {
    CsvTable flights = CsvTable.read(FLIGHTS);
    int[] month = flights.ints("month");
    Profile profile =
        Profile.builder()
            .label("January to March")
            .without("month", "day", "late")
            .add(flights.where(row -> month[row] <= 3))
            .build();
    DriftMonitor monitor = new DriftMonitor(profile);
    RetrainEvidence evidence = RetrainEvidence.of("models:/flight-delay/1", TRAINED);
    for (int m = 4; m <= LAST_MONTH; m++) {
      int wanted = m;
      ProfileCounter counter = profile.counter();
      counter.countAll(flights.where(row -> month[row] == wanted));
      DriftReport report = monitor.add(counter.take());
      if (m == LAST_MONTH) {
        evidence = evidence.drift(report); // it looks back on the months before
      }
    }
    RetrainPolicy policy = RetrainPolicy.standard().olderThan(Duration.ofDays(90)).withApproval();
    return policy.decide(evidence, NOW);
  }

  /** Posts the body; an alert that nobody receives must be heard of. */
  private static void post(URI webhook, byte[] json) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    HttpRequest request =
        HttpRequest.newBuilder(webhook)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("the webhook answered with status " + status);
    }
  }
}
