package io.zdmosc.mysql.stream.event;

/** What every event begins with. Reused from event to event; not thread-safe. */
public final class EventHeader {
  public static final int LENGTH = 19;
  private static final int ARTIFICIAL = 0x20;
  private static final int IGNORABLE = 0x80;

  private long timestamp;
  private int type;
  private long serverId;
  private long logPos;
  private int flags;

  public void read(Bytes event) {
    timestamp = event.u32();
    type = event.u8();
    serverId = event.u32();
    event.skip(4); // size: known from the packet
    logPos = event.u32();
    flags = event.u16();
  }

  /** Seconds since 1970, by the server's clock. */
  public long timestamp() {
    return timestamp;
  }

  /** One of {@link EventType}. */
  public int type() {
    return type;
  }

  /** The server that wrote it first. */
  public long serverId() {
    return serverId;
  }

  /** The lower 32 bits of the offset behind it; 0 where it does not stand in the file. */
  public long logPos() {
    return logPos;
  }

  /** True where the server made it up for the reader. */
  public boolean isArtificial() {
    return (flags & ARTIFICIAL) != 0;
  }

  /** True where the server says that readers who do not know it may pass it over. */
  public boolean isIgnorable() {
    return (flags & IGNORABLE) != 0;
  }
}
