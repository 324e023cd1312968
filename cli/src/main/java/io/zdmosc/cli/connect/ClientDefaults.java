package io.zdmosc.cli.connect;

import java.util.Map;
import java.util.Optional;

/**
 * What the own tools of a database take from the environment and from files of the user's, so that
 * nobody has to say it again to this one.
 */
public interface ClientDefaults {
  /** True for URLs of this database. */
  boolean accepts(JdbcUrl url);

  /** The URL that the environment describes; empty when it describes none. */
  Optional<String> url();

  /** The user to connect as when neither option nor URL names one. */
  Optional<String> user();

  /** Driver properties that the environment gives and the URL does not. */
  Map<String, String> properties(JdbcUrl url);

  /** The password, where environment or files hold one. */
  Optional<String> password(JdbcUrl url, String user);
}
