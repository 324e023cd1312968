package io.zdmosc.engine.spi;

/**
 * A chunk whose record says that it has been copied.
 *
 * @param rows how many rows it had
 */
public record CopiedChunk(Chunk chunk, long rows) {}
