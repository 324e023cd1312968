package io.zdmosc.postgres.plan;

import io.zdmosc.engine.guard.DiskSpace;
import io.zdmosc.engine.guard.LocalServer;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a server keeps its data, if it runs on this machine and says so. */
public record ServerDisks(Map<String, String> folders) {
  private record Where(int clientPort, int serverPort, String data, String tablespace) {}

  /**
   * Asks the server; without a folder where it is elsewhere, or the user may not know.
   *
   * @param tableOid whose tablespace counts too
   */
  public static ServerDisks of(Session session, long tableOid) throws SQLException {
    Map<String, String> folders = new LinkedHashMap<>();
    Optional<Where> where =
        session.first(
            "SELECT coalesce(inet_client_port(), 0), coalesce(inet_server_port(), 0),"
                + " (SELECT setting FROM pg_settings WHERE name = 'data_directory'),"
                + " (SELECT pg_tablespace_location(reltablespace) FROM pg_class"
                + " WHERE oid = ?::oid)",
            row -> new Where(row.getInt(1), row.getInt(2), row.getString(3), row.getString(4)),
            tableOid);
    if (where.isEmpty()
        || where.get().data() == null
        || !LocalServer.isHere(where.get().clientPort(), where.get().serverPort())) {
      return new ServerDisks(folders);
    }
    folders.put("the data directory", where.get().data());
    folders.put("the log", where.get().data() + "/pg_wal");
    if (where.get().tablespace() != null && !where.get().tablespace().isBlank()) {
      folders.put("the table's tablespace", where.get().tablespace());
    }
    return new ServerDisks(folders);
  }

  public List<DiskSpace> look() {
    return LocalServer.disks(folders);
  }
}
