package io.plumbline.internal.config;

import io.plumbline.Config;
import io.plumbline.ConfigException;
import java.util.List;

/**
 * A configuration to be looked at, which need not be one that can be used.
 *
 * @param entries all settings; the value of one that cannot be used is {@code [unusable]}
 * @param warnings what has no effect
 * @param problems why settings cannot be used; none if all can
 */
public record Explained(
    List<Config.Entry> entries, List<String> warnings, List<ConfigException> problems) {}
