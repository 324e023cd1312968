package io.zdmosc.harness.rules;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Position;

/** Passes everything on. */
class StreamDelegate implements ChangeStream {

  private final ChangeStream stream;

  StreamDelegate(ChangeStream stream) {
    this.stream = stream;
  }

  @Override
  public void start(ChangeListener listener) {
    stream.start(listener);
  }

  @Override
  public void acknowledge(Position position) {
    stream.acknowledge(position);
  }

  @Override
  public void writeFence(String token) {
    stream.writeFence(token);
  }

  @Override
  public void close() {
    stream.close();
  }
}
