package io.zdmosc.mysql.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.shadow.ShadowSpec;
import io.zdmosc.mysql.shadow.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a definition says, and a copy of the table could not keep all the same. */
final class DefinitionCheck {
  private static final Pattern SECONDARY_ENGINE = Pattern.compile(" SECONDARY_ENGINE=(\\S+)");

  /** A column of this name, written so, is what InnoDB's full-text indexes know a row by. */
  private static final String DOCUMENT_ID = "FTS_DOC_ID";

  private final SourceTable source;
  private final ShadowSpec spec;
  private final boolean held;

  /**
   * @param held whether the retired table is to be kept in step
   */
  DefinitionCheck(SourceTable source, ShadowSpec spec, boolean held) {
    this.source = source;
    this.spec = spec;
    this.held = held;
  }

  List<Problem> run() {
    List<Problem> problems = new ArrayList<>();
    secondaryEngine(problems);
    if (hasDocumentIds(spec.ddl()) || held && hasDocumentIds(source.ddl())) {
      problems.add(
          new Problem(
              "column " + DOCUMENT_ID,
              "together with a FULLTEXT index takes only values larger than all before it, also of"
                  + " a row that is written again: changes could not be carried over in another"
                  + " order than that",
              "Drop the FULLTEXT index before the migration and add it again after it, or use ALTER"
                  + " TABLE."));
    }
    return problems;
  }

  private static boolean hasDocumentIds(TableDdl ddl) {
    return !ddl.items(ItemKind.FULLTEXT).isEmpty()
        && ddl.items(ItemKind.COLUMN).stream().anyMatch(item -> item.name().equals(DOCUMENT_ID));
  }

  private void secondaryEngine(List<Problem> problems) {
    Matcher engine = SECONDARY_ENGINE.matcher(source.ddl().options());
    if (engine.find()) {
      problems.add(
          new Problem(
              "SECONDARY_ENGINE = " + engine.group(1),
              "may have loaded the table, which does not stand in its definition and would be lost",
              "ALTER TABLE "
                  + source.table().sqlName()
                  + " SECONDARY_ENGINE = NULL first, and set and load it again after the"
                  + " migration."));
    }
  }
}
