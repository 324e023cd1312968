package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.KeyKind;
import java.util.List;
import java.util.stream.Stream;

/** All kinds of keys that PostgreSQL's tables have in the catalogue. */
public final class PostgresKeys {
  public static final List<KeyKind> ALL =
      Stream.of(
              PostgresIntegerKeys.ALL,
              PostgresTextKeys.ALL,
              PostgresTimeKeys.ALL,
              PostgresOtherKeys.ALL)
          .flatMap(List::stream)
          .toList();

  private PostgresKeys() {}
}
