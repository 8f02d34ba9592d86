package io.plumbline.serving.internal.capture;

import java.util.concurrent.atomic.LongAdder;

/** What has become of rows, if they were not accepted or not written; counted by any thread. */
final class Counters {
  final LongAdder droppedFull = new LongAdder();
  final LongAdder droppedOversize = new LongAdder();
  final LongAdder invalid = new LongAdder();
  final LongAdder sampledOut = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder unknownValues = new LongAdder();
  final LongAdder cutValues = new LongAdder();
}
