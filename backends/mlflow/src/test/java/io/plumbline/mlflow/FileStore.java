package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks into MLflow's stores with MLflow's own Python client. */
final class FileStore {
  private static final String LOOK =
      """
      import json, math, os, sys
      import mlflow
      from mlflow.entities import ViewType
      client = mlflow.MlflowClient()
      def number(value):
          return str(value) if math.isnan(value) or math.isinf(value) else value
      def files(run, path=None):
          found = {}
          for each in client.list_artifacts(run, path):
              if each.is_dir:
                  found.update(files(run, each.path))
              else:
                  local = mlflow.artifacts.download_artifacts(run_id=run, artifact_path=each.path)
                  found[each.path] = open(local, "rb").read().decode("utf-8")
          return found
      def run(each):
          info, data = each.info, each.data
          return {
              "id": info.run_id, "name": info.run_name, "status": info.status,
              "start": info.start_time, "end": info.end_time, "user": info.user_id,
              "stage": info.lifecycle_stage, "params": data.params, "tags": data.tags,
              "metrics": {k: number(v) for k, v in data.metrics.items()},
              "histories": {k: sorted([[number(m.value), m.step, m.timestamp]
                  for m in client.get_metric_history(info.run_id, k)], key=str)
                  for k in data.metrics},
              "inputs": [{"name": i.dataset.name, "digest": i.dataset.digest,
                  "source": i.dataset.source, "schema": i.dataset.schema,
                  "tags": {t.key: t.value for t in i.tags}} for i in each.inputs.dataset_inputs],
              "models": [o.model_id for o in each.outputs.model_outputs],
              "files": files(info.run_id)}
      def model(each):
          return {
              "id": each.model_id, "name": each.name, "run": each.source_run_id,
              "type": each.model_type, "status": str(each.status),
              "metrics": [[m.key, number(m.value), m.step, m.dataset_name]
                  for m in each.metrics or []]}
      def version(each):
          return {
              "version": str(each.version), "description": each.description, "run": each.run_id,
              "source": each.source, "tags": each.tags}
      experiments = client.search_experiments(view_type=ViewType.ALL)
      result = {"experiments": {}, "registered": {}}
      for e in experiments:
          view = ViewType.ALL
          runs = client.search_runs([e.experiment_id], run_view_type=view)
          models = client.search_logged_models([e.experiment_id])
          result["experiments"][e.name] = {
              "id": e.experiment_id, "stage": e.lifecycle_stage, "tags": e.tags,
              "runs": {r.info.run_name: run(r) for r in runs}, "models": [model(m) for m in models]}
      for m in client.search_registered_models():
          versions = client.search_model_versions("name = '%s'" % m.name)
          result["registered"][m.name] = {
              "description": m.description, "tags": m.tags,
              "aliases": {a: client.get_model_version_by_alias(m.name, a).version
                  for a in (m.aliases or {})} if isinstance(m.aliases, dict) else {
                  a.alias: a.version for a in m.aliases},
              "versions": {str(v.version): version(v) for v in versions}}
      if len(sys.argv) > 1:
          import pandas
          names, rows, uri = json.loads(sys.argv[1])
          result["scored"] = mlflow.pyfunc.load_model(uri).predict(
              pandas.DataFrame(rows, columns=names)).tolist()
      print("result " + json.dumps(result))
      """;

  private FileStore() {}

  /** Returns all that MLflow's client finds at a tracking address. */
  static JsonObject look(String uri, String... score) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-c", LOOK));
    arguments.addAll(List.of(score));
    Answer answer = run(uri, arguments);
    assertThat(answer.code).as(answer.output).isZero();
    String line =
        answer.output.lines().filter(each -> each.startsWith("result ")).findFirst().orElseThrow();
    return Json.object(line.substring("result ".length()), "the script's result");
  }

  /** Takes a file store into a database; returns what the command has printed. */
  static String migrate(Path source, Path database) throws IOException, InterruptedException {
    Answer answer =
        run(
            "",
            List.of(
                "-m",
                "mlflow",
                "migrate-filestore",
                "--source",
                source.toString(),
                "--target",
                "sqlite:///" + database));
    assertThat(answer.code).as(answer.output).isZero();
    return answer.output;
  }

  /** What a program has printed, and how it has ended. */
  record Answer(int code, String output) {}

  static Answer run(String uri, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(MlflowServer.python("mlflow")));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MLFLOW_ALLOW_FILE_STORE", "true");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("PYTHONUTF8", "1");
    builder.environment().put("GIT_PYTHON_REFRESH", "quiet");
    if (!uri.isEmpty()) {
      builder.environment().put("MLFLOW_TRACKING_URI", uri);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
