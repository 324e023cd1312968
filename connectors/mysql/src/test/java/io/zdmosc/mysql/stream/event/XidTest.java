package io.zdmosc.mysql.stream.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XidTest {
  @Test
  void theNameInAStatementIsThatOfThePreparation() {
    Xid xid = Xid.of(new byte[] {0, (byte) 0xFF}, new byte[] {'b'}, 7);
    assertThat(xid).hasToString("X'00ff',X'62',7");
    assertThat(Xid.inStatement("XA COMMIT X'00ff',X'62',7")).isEqualTo(xid);
    assertThat(Xid.inStatement("XA ROLLBACK X'00FF', X'62', 7 ONE PHASE")).isEqualTo(xid);
  }

  @Test
  void emptyPartsAreParts() {
    assertThat(Xid.inStatement("XA COMMIT X'61',X'',1"))
        .isEqualTo(Xid.of(new byte[] {'a'}, new byte[0], 1));
  }
}
