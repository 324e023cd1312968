package io.zdmosc.harness.stream;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.postgres.stream.StreamSettings;
import java.time.Duration;
import java.util.List;

/** An implementation of the change stream. The contracts that extend this say what it must do. */
interface StreamUnderTest {
  /** Longer than any stream takes to pass on what it was given. */
  Duration SETTLING = Duration.ofSeconds(4);

  /** The stream under test, not started. */
  ChangeStream open(StreamSettings settings);

  /** Whether keys of this type are read; others have to be refused. */
  boolean reads(String type);

  default ChangeStream start(StreamedTable table, Recorder recorder) {
    ChangeStream stream = open(table.settings());
    stream.start(recorder);
    return stream;
  }

  /** The majors to test on when every one takes long. */
  static List<Integer> oldestAndNewest() {
    List<Integer> majors = SharedServers.majors();
    return majors.size() == 1 ? majors : List.of(majors.get(0), SharedServers.newestMajor());
  }
}
