package io.zdmosc.engine.spi;

import io.zdmosc.engine.MigrationState;
import java.time.Instant;

/** One entry of a migration's history. */
public record Transition(Instant at, MigrationState state, String detail) {}
