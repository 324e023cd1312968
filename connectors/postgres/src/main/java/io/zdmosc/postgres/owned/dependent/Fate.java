package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.engine.guard.ByteText;
import java.util.List;

/**
 * What becomes of a view.
 *
 * @param definition its query on the new table
 * @param emptied whether it must let go of views that are made anew, for as long as that takes
 * @param belongings what has to be given to it again where it is made anew
 */
record Fate(ViewInfo view, Kind kind, String definition, boolean emptied, List<String> belongings) {
  /** How it gets to the new table. */
  enum Kind {
    /** It is given its query in place. */
    REPLACED,
    /** It is dropped and made anew, since its columns change. */
    REMADE,
    /**
     * Another is made before the swap, which exchanges their names: it keeps rows, or is read so.
     */
    EXCHANGED,
    /** It is dropped, as was asked for. */
    DROPPED
  }

  Fate {
    belongings = List.copyOf(belongings);
  }

  boolean isReplaced() {
    return kind == Kind.REPLACED;
  }

  boolean isExchanged() {
    return kind == Kind.EXCHANGED;
  }

  boolean isDropped() {
    return kind == Kind.DROPPED;
  }

  /** The same, to change places with another. */
  Fate exchanged() {
    return new Fate(view, Kind.EXCHANGED, definition, false, belongings);
  }

  /** The same, letting go of what it reads for a while or not. */
  Fate emptied(boolean now) {
    return new Fate(view, kind, definition, now, belongings);
  }

  /** In words. */
  String words() {
    return switch (kind) {
      case REPLACED -> view.words() + " is given its query anew, in place";
      case REMADE -> view.words() + " is made anew, since columns of it change their types";
      case EXCHANGED -> view.words() + exchangeWords();
      case DROPPED -> view.words() + " is dropped";
    };
  }

  private String exchangeWords() {
    if (!view.isMaterialized()) {
      return " is made anew before, for a materialized view that reads it";
    }
    return view.populated()
        ? " (" + ByteText.of(view.bytes()) + ") changes places with a new one"
        : " is not populated, and changes places with a new one that is not either";
  }
}
