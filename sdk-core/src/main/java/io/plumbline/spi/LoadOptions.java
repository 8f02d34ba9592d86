package io.plumbline.spi;

import java.util.Map;

/**
 * How a model is loaded.
 *
 * @param allowNewerFormat whether a model may be of a format that is newer than the engine: it may
 *     then predict wrongly without a word
 * @param settings what only the loader understands, such as {@code onnx.intra-op-threads}; it
 *     ignores the settings of others
 */
public record LoadOptions(boolean allowNewerFormat, Map<String, String> settings) {
  /** The defaults: no newer format, no settings. */
  public static final LoadOptions DEFAULT = new LoadOptions(false, Map.of());

  /** Copies the settings. */
  public LoadOptions {
    settings = Map.copyOf(settings);
  }
}
