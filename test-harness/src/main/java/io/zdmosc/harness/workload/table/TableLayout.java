package io.zdmosc.harness.workload.table;

import java.util.List;

/** How a database declares the workload's tables. */
public interface TableLayout {
  /** Returns the columns beside the key. */
  List<Column> payload(TableTraits traits);

  /** Returns the statements that make the table, with its indexes. */
  List<String> create(TableTraits traits, List<Column> columns);
}
