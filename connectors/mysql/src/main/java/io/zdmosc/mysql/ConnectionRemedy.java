package io.zdmosc.mysql;

import io.zdmosc.mysql.sql.Failures;
import java.sql.SQLException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What to do when no connection comes about. */
final class ConnectionRemedy {
  private ConnectionRemedy() {}

  /**
   * Says it in a sentence.
   *
   * @param url as it was given; its options decide what is worth trying
   */
  static String of(String url, SQLException e) {
    return switch (e.getErrorCode()) {
      case 1044, 1045, 1698, 1251 ->
          "Give a password by MYSQL_PWD, ~/.mylogin.cnf, ~/.my.cnf or --password-file; check user"
              + " and host."
              + encryption(url);
      case 1049 -> "Check the database's name in the URL.";
      case 1040, 1203, 1226 -> "Check that the server takes more connections.";
      default -> ofDriver(e);
    };
  }

  /** What happened, on one line: one of the drivers has its reason in a cause, and much beside. */
  static String words(SQLException e) {
    String first = Failures.words(e).lines().findFirst().orElse("");
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String reason = String.valueOf(innermost.getMessage());
    return first.contains(reason) || innermost == e ? first : first + ": " + reason;
  }

  /** What the drivers say before the server has said anything. */
  private static String ofDriver(SQLException e) {
    String words = Failures.words(e);
    if (words.contains("Public Key Retrieval is not allowed")
        || words.contains("RSA public key is not available")) {
      return "Let the connection be encrypted: leave sslMode=DISABLED out of the URL. Where the"
          + " network is to be trusted, add allowPublicKeyRetrieval=true instead.";
    }
    if (isTls(e)) {
      return "Check the server's certificate, and the URL's options sslMode and trustStore or"
          + " serverSslCert.";
    }
    return "Check that the server runs, its host and port.";
  }

  private static boolean isTls(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  /** The server refuses an account that must encrypt as it refuses a wrong password. */
  private static String encryption(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    boolean mariaDb = lower.startsWith("jdbc:mariadb:");
    boolean off = lower.contains("sslmode=disable") || lower.contains("usessl=false");
    boolean asked = lower.contains("sslmode=") || lower.contains("usessl=");
    if (!off && (asked || !mariaDb)) {
      return "";
    }
    return " Where the account must encrypt, give the URL "
        + (mariaDb ? "sslMode=verify-full, or sslMode=trust" : "sslMode=REQUIRED")
        + ".";
  }
}
