package io.plumbline.model;

/**
 * The tags with a meaning of their own, under the names that MLflow gives them where it has one.
 */
public final class RunTags {
  /** The run's note, shown as its description. */
  public static final String NOTE = "mlflow.note.content";

  /** The id of the parent run. */
  public static final String PARENT = "mlflow.parentRunId";

  /** The run's name. */
  public static final String NAME = "mlflow.runName";

  /** Who started the run. */
  public static final String USER = "mlflow.user";

  /** The program that started the run: its main class, or its jar. */
  public static final String SOURCE_NAME = "mlflow.source.name";

  /** What kind of program started the run; {@code LOCAL} unless something else is said. */
  public static final String SOURCE_TYPE = "mlflow.source.type";

  /** The commit that was checked out where the program was started. */
  public static final String GIT_COMMIT = "mlflow.source.git.commit";

  /** The branch that was checked out there, if one was. */
  public static final String GIT_BRANCH = "mlflow.source.git.branch";

  /** Where that repository comes from, without credentials. */
  public static final String GIT_REPOSITORY = "mlflow.source.git.repoURL";

  /** The id of the run in the store of the program that started it. */
  public static final String LOCAL_ID = "plumbline.run.id";

  /**
   * The writer that started the run, an id of the store: two stores may call a run of theirs the
   * same.
   */
  public static final String WRITER = "plumbline.run.writer";

  /** The group that the run was started in. */
  public static final String GROUP = "plumbline.group";

  /** What ended a FAILED run: the class of the exception, and where it was thrown. */
  public static final String FAILURE = "plumbline.failure";

  private RunTags() {}
}
