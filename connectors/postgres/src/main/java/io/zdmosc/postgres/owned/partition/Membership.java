package io.zdmosc.postgres.owned.partition;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A partition's place in its table.
 *
 * @param parent the table's qualified name, as SQL has it
 * @param key what follows {@code PARTITION BY} there
 * @param bound {@code FOR VALUES ...} or {@code DEFAULT}
 * @param condition what holds for the partition's rows; null when anything may
 * @param owned whether the session's role is the parent's owner, or a member of it
 * @param parentOwner as SQL has it
 * @param restBytes the size of the parent's default partition, if that is another
 */
record Membership(
    String parent,
    String key,
    String bound,
    String condition,
    boolean owned,
    String parentOwner,
    long restBytes) {

  /** Empty for a table that is no partition. */
  static Optional<Membership> of(Session session, long oid) throws SQLException {
    return session.first(
        """
        SELECT format('%I.%I', n.nspname, p.relname), pg_get_partkeydef(p.oid),
               pg_get_expr(c.relpartbound, c.oid), pg_get_partition_constraintdef(c.oid),
               pg_has_role(current_user, p.relowner, 'USAGE'),
               quote_ident(pg_get_userbyid(p.relowner)),
               CASE WHEN k.partdefid NOT IN (0, c.oid)
                    THEN (SELECT coalesce(sum(pg_relation_size(relid)), pg_relation_size(k.partdefid))
                            FROM pg_partition_tree(k.partdefid) WHERE isleaf) ELSE 0 END::bigint
          FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid AND c.relispartition
          JOIN pg_class p ON p.oid = h.inhparent
          JOIN pg_partitioned_table k ON k.partrelid = p.oid
          JOIN pg_namespace n ON n.oid = p.relnamespace
         WHERE c.oid = ?::oid\
        """,
        row ->
            new Membership(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getString(6),
                row.getLong(7)),
        oid);
  }
}
