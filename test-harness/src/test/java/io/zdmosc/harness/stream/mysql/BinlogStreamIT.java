package io.zdmosc.harness.stream.mysql;

import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.mysql.stream.BinlogStream;
import io.zdmosc.mysql.stream.StreamSettings;

class BinlogStreamIT
    implements TransactionContract, KeyContract, StatementContract, LifecycleContract {
  @Override
  public ChangeStream open(StreamSettings settings) {
    return new BinlogStream(settings);
  }
}
