package io.zdmosc.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ConnectionRemedyTest {
  private static final IOException REFUSED =
      new IOException("could not connect", new ConnectException("Connection refused"));

  @Test
  void theReasonIsToldThatTheDriverHidesInACause() {
    String driver = "Communications link failure\n\nThe last packet was sent 0 ms ago.";
    assertThat(ConnectionRemedy.words(new SQLException(driver, "08S01", 0, REFUSED)))
        .isEqualTo("Communications link failure: Connection refused");
  }

  @Test
  void itIsNotToldTwice() {
    String driver = "Socket fail to connect to db:1. Connection refused";
    assertThat(ConnectionRemedy.words(new SQLException(driver, "08000", 0, REFUSED)))
        .isEqualTo(driver);
    assertThat(ConnectionRemedy.words(new SQLException("Access denied", "28000", 1045)))
        .isEqualTo("Access denied");
  }
}
