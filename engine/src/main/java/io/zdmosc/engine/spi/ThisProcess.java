package io.zdmosc.engine.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The process that this is, as control schemas name it for people. */
public final class ThisProcess {
  private ThisProcess() {}

  /** {@code 4711@host}. */
  public static String name() {
    return ProcessHandle.current().pid() + "@" + hostName();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }
}
