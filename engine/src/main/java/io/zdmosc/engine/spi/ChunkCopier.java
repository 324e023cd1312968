package io.zdmosc.engine.spi;

/** Copies chunks into the shadow table. Has a connection of its own; one thread. */
public interface ChunkCopier extends AutoCloseable {
  /**
   * Copies the chunk and writes its record into the control schema, both in one transaction.
   *
   * @return the number of rows copied
   */
  long copy(Chunk chunk);

  @Override
  void close();
}
