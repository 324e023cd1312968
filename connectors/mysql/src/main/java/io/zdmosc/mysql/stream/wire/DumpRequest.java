package io.zdmosc.mysql.stream.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The command that makes a server send its log.
 *
 * @param file the log file to begin with
 * @param offset where in it; the protocol has 32 bits for it
 * @param serverId who we are among the server's replicas
 */
public record DumpRequest(String file, long offset, long serverId) {
  private static final int COM_BINLOG_DUMP = 0x12;

  /** The first offset that the command cannot name. */
  public static final long OFFSET_LIMIT = 1L << 32;

  public DumpRequest {
    if (offset < 0 || offset >= OFFSET_LIMIT) {
      throw new IllegalArgumentException("cannot ask for offset " + offset);
    }
  }

  byte[] command() {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.write(COM_BINLOG_DUMP);
    number(command, offset, 4);
    number(command, 0, 2); // flags: wait for more at the end of the log
    number(command, serverId, 4);
    command.writeBytes(file.getBytes(StandardCharsets.UTF_8));
    return command.toByteArray();
  }

  private static void number(ByteArrayOutputStream command, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      command.write((int) (value >>> (8 * i)));
    }
  }
}
