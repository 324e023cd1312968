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
 * @param rest the qualified name of the parent's default partition, if that is another; else null
 * @param restOwned whether the role is its owner, or a member of it
 * @param restBytes its size
 */
record Membership(
    String parent,
    String key,
    String bound,
    String condition,
    boolean owned,
    String parentOwner,
    String rest,
    boolean restOwned,
    long restBytes) {
  /** The server looks through the default partition under the lock: so much is done in no time. */
  private static final long MOST_REST_BYTES = 8L << 20;

  /** Whether the server must be spared the look through the default partition. */
  boolean hasLargeRest() {
    return rest != null && restBytes > MOST_REST_BYTES;
  }

  /** Empty for a table that is no partition. */
  static Optional<Membership> of(Session session, long oid) throws SQLException {
    return session.first(
        """
        SELECT format('%I.%I', n.nspname, p.relname), pg_get_partkeydef(p.oid),
               pg_get_expr(c.relpartbound, c.oid), pg_get_partition_constraintdef(c.oid),
               pg_has_role(current_user, p.relowner, 'USAGE'),
               quote_ident(pg_get_userbyid(p.relowner)),
               quote_ident(rn.nspname) || '.' || quote_ident(r.relname), pg_has_role(current_user, r.relowner, 'USAGE'),
               coalesce((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(r.oid)
                          WHERE isleaf), 0)::bigint
          FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid AND c.relispartition
          JOIN pg_class p ON p.oid = h.inhparent
          JOIN pg_partitioned_table k ON k.partrelid = p.oid
          JOIN pg_namespace n ON n.oid = p.relnamespace
          LEFT JOIN (pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace)
            ON r.oid = k.partdefid AND r.oid <> c.oid
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
                row.getString(7),
                row.getBoolean(8),
                row.getLong(9)),
        oid);
  }
}
