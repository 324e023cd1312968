package io.zdmosc.harness.rules;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;

/** Passes everything on. */
class ListenerDelegate implements ChangeListener {

  private final ChangeListener listener;

  ListenerDelegate(ChangeListener listener) {
    this.listener = listener;
  }

  @Override
  public boolean ready() {
    return listener.ready();
  }

  @Override
  public void onChange(Key key, SourceTransaction transaction) {
    listener.onChange(key, transaction);
  }

  @Override
  public void onProgress(Position position) {
    listener.onProgress(position);
  }

  @Override
  public void onFence(String token) {
    listener.onFence(token);
  }

  @Override
  public void onTruncate() {
    listener.onTruncate();
  }

  @Override
  public void onFailure(RuntimeException failure) {
    listener.onFailure(failure);
  }
}
