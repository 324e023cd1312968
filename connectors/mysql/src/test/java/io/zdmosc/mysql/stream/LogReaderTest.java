package io.zdmosc.mysql.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.mysql.stream.event.EventSize;
import io.zdmosc.mysql.stream.event.EventType;
import io.zdmosc.mysql.stream.row.StreamedTables;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is no whole, known event ends the stream; nothing is passed over. */
class LogReaderTest {
  private static final int HEADER = 19;
  private static final int CHECKSUM = 4;
  private static final int IGNORABLE = 0x80;
  private static final int UNKNOWN = 99;

  private final BinlogPosition start = BinlogPosition.of("binlog.000007", 4);

  @Test
  void anUnknownEventEndsTheStreamUnlessTheServerSaysThatItCanBeIgnored() {
    assertThatThrownBy(() -> read(event(UNKNOWN, 0, 10), 0))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("type 99");
    assertThatCode(() -> read(event(UNKNOWN, IGNORABLE, 10), 0)).doesNotThrowAnyException();
  }

  @Test
  void anIncidentEndsTheStream() {
    assertThatThrownBy(() -> read(event(EventType.INCIDENT, 0, 10), 0))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("binlog.000007");
  }

  @Property(tries = 200)
  void anyDamagedByteIsSeen(@ForAll @IntRange(max = HEADER + 20 + CHECKSUM - 1) int place) {
    byte[] event = event(UNKNOWN, IGNORABLE, 20);
    event[place] ^= 0x10;

    assertThatThrownBy(() -> read(event, 0))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void anEventThatMemoryHasNoRoomForEndsTheStream() {
    assertThat(EventSize.check(1 << 20)).isEqualTo(1 << 20);
    assertThatThrownBy(() -> EventSize.check(1L << 40))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("no room in memory");
  }

  private void read(byte[] event, int begin) {
    Transactions transactions = new Transactions(new Deaf(), () -> false, xid -> {}, start, start);
    LogReader reader =
        new LogReader(
            start,
            true,
            new FileIdentity(),
            new StreamedTables(List.of()),
            transactions,
            new Statements(new StatementJudge("d", "t", false), "d.t", new Deaf(), "", () -> {}));
    reader.read(event, begin, event.length);
  }

  /** An event with a checksum. */
  private static byte[] event(int type, int flags, int length) {
    int size = HEADER + length + CHECKSUM;
    ByteBuffer event = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    event.putInt(1_700_000_000).put((byte) type).putInt(1).putInt(size).putInt(4 + size);
    event.putShort((short) flags);
    CRC32 crc = new CRC32();
    crc.update(event.array(), 0, size - CHECKSUM);
    event.putInt(size - CHECKSUM, (int) crc.getValue());
    return event.array();
  }

  private static final class Deaf implements ChangeListener {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void onChange(Key key, SourceTransaction transaction) {
      throw new AssertionError("no change is expected");
    }

    @Override
    public void onProgress(Position position) {
      // of no interest
    }

    @Override
    public void onFence(String token) {
      throw new AssertionError("no fence is expected");
    }

    @Override
    public void onTruncate() {
      throw new AssertionError("no TRUNCATE is expected");
    }

    @Override
    public void onFailure(RuntimeException failure) {
      throw failure;
    }
  }
}
