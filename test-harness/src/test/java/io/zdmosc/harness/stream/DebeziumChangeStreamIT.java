package io.zdmosc.harness.stream;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.postgres.stream.StreamSettings;
import io.zdmosc.postgres.stream.debezium.DebeziumChangeStream;
import java.util.Set;

class DebeziumChangeStreamIT
    implements OrderContract,
        AcknowledgementContract,
        KeyContract,
        PressureContract,
        LifecycleContract {
  private static final Set<String> REFUSED = Set.of("timetz", "interval");

  @Override
  public ChangeStream open(StreamSettings settings) {
    return new DebeziumChangeStream(settings);
  }

  @Override
  public boolean reads(String type) {
    return !REFUSED.contains(type);
  }
}
