package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.literal;

import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.shadow.Grants;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** The old table takes its place again. */
public final class BackExchange implements Exchange {
  private final Working forth;
  private final Working back;
  private final Fingerprint shape;

  public BackExchange(Working forth, Working back, Fingerprint shape) {
    this.forth = forth;
    this.back = back;
    this.shape = shape;
  }

  @Override
  public void run(Session session) throws SQLException {
    carryGrants(session);
    carryComment(session);
    new PartitionGrants(session, forth).carryBack();
    PartitionRenames partitions = PartitionRenames.back(session, forth);
    boolean inParts = PartitionedKey.isInParts(session);
    session.executeAll(new BackScript(forth, partitions, inParts).statements());
  }

  /** Privileges may have changed since the swap; they hold for the table that serves. */
  private void carryGrants(Session session) throws SQLException {
    long served = forth.shadowOid();
    long old = back.shadowOid();
    boolean changed =
        session.test(
            "SELECT a.relacl IS DISTINCT FROM b.relacl FROM pg_class a, pg_class b"
                + " WHERE a.oid = ?::oid AND b.oid = ?::oid",
            served,
            old);
    for (MappedColumn column : back.spec().columns()) {
      changed |= column.source() != null && isGrantedOtherwise(session, column);
    }
    if (!changed) {
      return;
    }
    Grants grants = new Grants(session);
    String table = back.shadowSql();
    grants.copyRelation(served, old, "TABLE", table);
    for (MappedColumn column : back.spec().columns()) {
      if (column.source() != null) {
        grants.revokeColumn(old, column.column().number(), table, column.column().name());
        grants.copyColumn(served, column.source().number(), table, column.column().name());
      }
    }
  }

  private boolean isGrantedOtherwise(Session session, MappedColumn column) throws SQLException {
    return session.test(
        "SELECT a.attacl IS DISTINCT FROM b.attacl FROM pg_attribute a, pg_attribute b"
            + " WHERE a.attrelid = ?::oid AND a.attnum = ?::int2"
            + " AND b.attrelid = ?::oid AND b.attnum = ?::int2",
        forth.shadowOid(),
        column.source().number(),
        back.shadowOid(),
        column.column().number());
  }

  private void carryComment(Session session) throws SQLException {
    if (!session.test(
        "SELECT obj_description(?::oid, 'pg_class') IS DISTINCT FROM"
            + " obj_description(?::oid, 'pg_class')",
        forth.shadowOid(),
        back.shadowOid())) {
      return;
    }
    String comment =
        session.text("SELECT obj_description(?::oid, 'pg_class')", forth.shadowOid()).orElse(null);
    session.execute(
        "COMMENT ON TABLE "
            + back.shadowSql()
            + " IS "
            + (comment == null ? "NULL" : literal(comment)));
  }

  @Override
  public Fingerprint shape() {
    return shape;
  }
}
