package io.plumbline.internal.config;

/** Whether the JVM's exit ends the runs that are still open. */
public enum ShutdownHook {
  /** Only where the SDK was loaded by the system class loader. */
  AUTO,
  /** Always. */
  ON,
  /** Never. */
  OFF
}
