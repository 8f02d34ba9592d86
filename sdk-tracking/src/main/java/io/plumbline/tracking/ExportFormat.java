package io.plumbline.tracking;

/** How an export is written. */
public enum ExportFormat {
  /** Comma-separated values with a header line, as RFC 4180 describes them, in UTF-8. */
  CSV,
  /** One JSON object a line, in UTF-8. */
  JSON_LINES
}
