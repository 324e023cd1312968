package io.zdmosc.harness.stream;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.postgres.stream.PgOutputStream;
import io.zdmosc.postgres.stream.StreamSettings;

class PgOutputStreamIT
    implements OrderContract,
        AcknowledgementContract,
        KeyContract,
        PressureContract,
        LifecycleContract {
  @Override
  public ChangeStream open(StreamSettings settings) {
    return new PgOutputStream(settings);
  }

  @Override
  public boolean reads(String type) {
    return true;
  }
}
