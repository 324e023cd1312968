package io.zdmosc.engine.guard;

/**
 * A disk of the server.
 *
 * @param name what of the server's lies on it, and where
 */
public record DiskSpace(String name, long freeBytes, long totalBytes) {}
