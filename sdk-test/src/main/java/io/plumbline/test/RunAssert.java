package io.plumbline.test;

import io.plumbline.model.Run;
import org.jspecify.annotations.Nullable;

/** Assertions on a run as it was read; made by {@link PlumblineAssertions}. */
public final class RunAssert extends AbstractRunAssert<RunAssert> {
  RunAssert(@Nullable Run run) {
    super(run, RunAssert.class);
  }
}
