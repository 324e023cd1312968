package io.zdmosc.harness.workload.postgres;

import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.Naming;
import io.zdmosc.harness.workload.table.PayloadIds;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** PostgreSQL's test cases. */
public final class PostgresCatalogue {
  /** Names with quotes, blanks, keywords, letters beyond ASCII, and of 63 bytes. */
  public static final Naming HOSTILE =
      new Naming(
          "or\"der tablé; --",
          Map.of(
              PayloadIds.CNT,
              "c\"nt",
              PayloadIds.NOTE,
              "select",
              PayloadIds.BIG,
              "b".repeat(63),
              PayloadIds.DOC,
              "Größe ünd 時間",
              PayloadIds.AMOUNT,
              "a'm, \"\")",
              PayloadIds.U,
              "order by",
              PayloadIds.AT,
              "$1 ?",
              "id",
              "ID",
              "code",
              " c ode "));

  public static final Catalogue ALL =
      new Catalogue(
          PostgresDialect.INSTANCE,
          PostgresTables.INSTANCE,
          HOSTILE,
          PostgresKeys.ALL,
          Stream.of(PostgresTypeChanges.ALL, PostgresColumnChanges.ALL, PostgresOtherChanges.ALL)
              .flatMap(List::stream)
              .toList());

  private PostgresCatalogue() {}
}
