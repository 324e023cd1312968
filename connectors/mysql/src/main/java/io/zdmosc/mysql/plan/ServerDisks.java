package io.zdmosc.mysql.plan;

import io.zdmosc.engine.guard.DiskSpace;
import io.zdmosc.engine.guard.LocalServer;
import io.zdmosc.mysql.sql.Session;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a server keeps its data, if it runs on this machine. */
public record ServerDisks(Map<String, String> folders) {
  /** Asks the server; without a folder where it is elsewhere. */
  public static ServerDisks of(Session session) throws SQLException {
    Map<String, String> folders = new LinkedHashMap<>();
    // the list of processes in information_schema can fail for what others run at the moment
    String client =
        session
            .read("SHOW PROCESSLIST", row -> Map.entry(row.getLong("Id"), row.getString("Host")))
            .stream()
            .filter(process -> process.getKey() == session.id())
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    String port = client.substring(client.lastIndexOf(':') + 1);
    int serverPort = session.variable("port").map(Integer::valueOf).orElse(0);
    if (!port.matches("\\d{1,5}") || !LocalServer.isHere(Integer.parseInt(port), serverPort)) {
      return new ServerDisks(folders);
    }
    session.variable("datadir").ifPresent(folder -> folders.put("the data directory", folder));
    session
        .variable("log_bin_basename")
        .map(name -> Path.of(name).getParent())
        .ifPresent(folder -> folders.put("the binary log", folder.toString()));
    session
        .variable("tmpdir")
        .ifPresent(folder -> folders.put("the folder for temporary files", folder));
    return new ServerDisks(folders);
  }

  public List<DiskSpace> look() {
    return LocalServer.disks(folders);
  }
}
