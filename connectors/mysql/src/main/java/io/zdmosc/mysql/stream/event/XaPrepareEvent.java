package io.zdmosc.mysql.stream.event;

/**
 * The end of an XA transaction's events.
 *
 * @param onePhase true when it committed at once; else it is only prepared
 */
public record XaPrepareEvent(boolean onePhase, Xid xid) {
  public static XaPrepareEvent read(Bytes event) {
    return new XaPrepareEvent(event.u8() != 0, Xid.read(event));
  }
}
