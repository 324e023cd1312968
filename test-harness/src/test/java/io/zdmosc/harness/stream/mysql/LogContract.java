package io.zdmosc.harness.stream.mysql;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.stream.Recorder;
import io.zdmosc.mysql.stream.StreamSettings;
import java.util.List;

/** An implementation of the change stream. The contracts that extend this say what it must do. */
interface LogContract {
  /** The stream under test, not started. */
  ChangeStream open(StreamSettings settings);

  default ChangeStream start(LogTable table, Recorder recorder) {
    ChangeStream stream = open(table.settings());
    stream.start(recorder);
    return stream;
  }

  /** Everything that came out up to now. */
  static List<String> upToNow(ChangeStream stream, Recorder recorder) {
    String fence = "fence " + System.nanoTime();
    stream.writeFence(fence);
    recorder.awaitFence(fence);
    return recorder.events().stream().filter(event -> !event.startsWith("fence ")).toList();
  }
}
