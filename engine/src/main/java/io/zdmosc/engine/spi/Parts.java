package io.zdmosc.engine.spi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** For connectors: something that is made of parts which must be closed, such as sessions. */
public final class Parts {
  private Parts() {}

  /**
   * Makes the whole, and tells of each part that it has opened.
   *
   * @param <P> a part
   */
  @FunctionalInterface
  public interface Making<T, P, E extends Exception> {
    T with(Consumer<P> opened) throws E;
  }

  /** Makes it; where that breaks off half-way, the parts that were opened are closed. */
  public static <T, P, E extends Exception> T whole(Making<T, P, E> making, Consumer<P> close)
      throws E {
    List<P> opened = new CopyOnWriteArrayList<>();
    boolean made = false;
    try {
      T whole = making.with(opened::add);
      made = true;
      return whole;
    } finally {
      if (!made) {
        opened.forEach(close);
      }
    }
  }
}
