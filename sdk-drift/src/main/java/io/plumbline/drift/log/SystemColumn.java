package io.plumbline.drift.log;

import io.plumbline.drift.log.LogColumn.Kind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The columns that every prediction log begins with, in this order, whatever the model. Each name
 * starts with an underscore, so that none meets a feature.
 */
public enum SystemColumn {
  /** When the event was, in microseconds since 1970; every row has it. */
  TS(0, Kind.TIMESTAMP, false),
  /** The request's id, by which labels are joined; every row has it. */
  REQUEST_ID(1, Kind.TEXT, false),
  /** Whom the prediction is about, after what the privacy policy has made of it. */
  ENTITY_ID(2, Kind.TEXT, true),
  /** The registered model's name; nobody sets it. */
  MODEL(3, Kind.TEXT, false),
  /** The model's version; nobody sets it. */
  MODEL_VERSION(4, Kind.CHOICE, false),
  /** The alias by which the version was found. */
  ALIAS(5, Kind.CATEGORY, true),
  /** The digest of the reference profile; nobody sets it. */
  PROFILE_ID(6, Kind.CHOICE, true),
  /** The digest of the feature schema; nobody sets it. */
  SCHEMA_HASH(7, Kind.CHOICE, false),
  /**
   * Who asked: {@code primary} unless it is set to {@code shadow}, {@code fallback} or {@code
   * batch}.
   */
  ROLE(8, Kind.CHOICE, false),
  /**
   * How it went: {@code ok} unless it is set to {@code error}, {@code timeout} or {@code rejected}.
   */
  STATUS(9, Kind.CHOICE, false),
  /** How long the model took, in microseconds. */
  LATENCY_US(10, Kind.INT, true),
  /** With which probability the row was logged, 1 unless it is set: it counts for 1 over this. */
  SAMPLE_RATE(11, Kind.FLOAT, false),
  /** The trace's id (W3C trace context). */
  TRACE_ID(12, Kind.TEXT, true),
  /** The user's own segment. */
  SLICE(13, Kind.CATEGORY, true),
  /** The endpoint that was called. */
  ENDPOINT(14, Kind.CATEGORY, true),
  /** The machine that served it. */
  HOST(15, Kind.CATEGORY, true);

  /** The choices of {@link #ROLE}; a choice's place is its code. */
  public static final List<String> ROLES = List.of("primary", "shadow", "fallback", "batch");

  /** The choices of {@link #STATUS}; a choice's place is its code. */
  public static final List<String> STATUSES = List.of("ok", "error", "timeout", "rejected");

  private final int position;
  private final Kind kind;
  private final boolean nullable;

  SystemColumn(int position, Kind kind, boolean nullable) {
    this.position = position;
    this.kind = kind;
    this.nullable = nullable;
  }

  /** The column's name, such as {@code _request_id}. */
  public String columnName() {
    return "_" + name().toLowerCase(Locale.ROOT);
  }

  /** The column's place in every log, from 0. */
  public int position() {
    return position;
  }

  LogColumn column(@Nullable String constant) {
    List<String> choices =
        switch (this) {
          case ROLE -> ROLES;
          case STATUS -> STATUSES;
          // Without a profile every row is null, but the type must not depend on that.
          default -> kind == Kind.CHOICE ? List.of(constant == null ? "" : constant) : List.of();
        };
    return new LogColumn(
        columnName(), kind, LogColumn.Role.SYSTEM, nullable, choices, 0, "", constant);
  }
}
