package io.plumbline.mlflow;

import io.plumbline.internal.http.Http;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.RunStore;
import java.time.Duration;
import java.util.Set;

/** An MLflow server. */
final class MlflowBackend implements Backend {
  private final Http http;
  private final Rest rest;
  private final RunStore runs;
  private final ModelStore models;

  /**
   * Makes the backend; nothing is asked of the server yet.
   *
   * @param http reaches the server; closed with this
   * @param uri the server's address, with its path prefix
   */
  MlflowBackend(Http http, String uri) {
    this(http, ServerAddress.given(uri));
  }

  /** The same, where a setting may have named the address. */
  MlflowBackend(Http http, ServerAddress address) {
    this.http = http;
    this.rest = new Rest(http, address, http.attempt());
    this.runs = Answers.checked(RunStore.class, new MlflowRuns(rest));
    this.models = Answers.checked(ModelStore.class, new MlflowModels(rest));
  }

  /** Returns what sends its requests. */
  Rest rest() {
    return rest;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REGISTRY, Capability.ALIAS_HISTORY);
  }

  @Override
  public RunStore runs() {
    return runs;
  }

  @Override
  public RunStore runs(Duration patience) {
    return Answers.checked(RunStore.class, new MlflowRuns(rest.within(patience)));
  }

  @Override
  public ModelStore models() {
    return models;
  }

  @Override
  public void close() {
    rest.close();
    http.close();
  }
}
