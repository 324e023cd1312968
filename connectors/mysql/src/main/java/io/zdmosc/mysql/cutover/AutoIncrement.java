package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Session;
import java.math.BigInteger;
import java.sql.SQLException;

/** The next number of the new table: it goes on where the old one's stands, or further. */
final class AutoIncrement {
  private final Working working;
  private final Session locker;
  private final Session watch;

  /**
   * @param locker writes it
   * @param watch reads it
   */
  AutoIncrement(Working working, Session locker, Session watch) {
    this.working = working;
    this.locker = locker;
    this.watch = watch;
  }

  /** Brings the shadow's up to the source's. Nothing where there is none. */
  void goOn() throws SQLException {
    if (working.spec().autoIncrementColumn().isEmpty()) {
      return;
    }
    BigInteger wanted =
        next(working.source().table().schema(), working.source().table().name())
            .max(number(working.spec().autoIncrement()));
    BigInteger present = next(working.names().shadowSchema(), working.names().shadow());
    if (wanted.compareTo(present) > 0) {
      locker.execute("ALTER TABLE " + working.shadowSql() + " AUTO_INCREMENT = " + wanted);
    }
  }

  private BigInteger next(String schema, String table) throws SQLException {
    return number(new Catalog(watch).table(schema, table).map(TableInfo::autoIncrement).orElse(""));
  }

  private static BigInteger number(String text) {
    return text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
  }
}
