package io.zdmosc.postgres.stream;

import io.zdmosc.postgres.sql.SessionFactory;
import java.util.List;

/**
 * What a change stream reads.
 *
 * @param sessions opens connections, ordinary ones and for replication
 * @param slot the logical replication slot, which exists
 * @param publication the publication of the source table alone, which exists
 * @param schema the source table's schema
 * @param table the source table's name
 * @param keyColumns the names of the identity's columns, in its order
 * @param keyTypes their types as {@code format_type} writes them
 * @param tableOid the source table's; changes of other tables, which the publication had in earlier
 *     times, are passed over
 */
public record StreamSettings(
    SessionFactory sessions,
    String slot,
    String publication,
    String schema,
    String table,
    List<String> keyColumns,
    List<String> keyTypes,
    long tableOid) {
  /** The prefix of the logical messages that are our fences. */
  public static final String FENCE_PREFIX = "zdm_osc";

  public StreamSettings {
    keyColumns = List.copyOf(keyColumns);
    keyTypes = List.copyOf(keyTypes);
  }
}
