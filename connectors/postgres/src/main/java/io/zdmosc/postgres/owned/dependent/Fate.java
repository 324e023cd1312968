package io.zdmosc.postgres.owned.dependent;

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
    /** It is dropped, as was asked for. */
    DROPPED
  }

  Fate {
    belongings = List.copyOf(belongings);
  }

  boolean isReplaced() {
    return kind == Kind.REPLACED;
  }

  boolean isDropped() {
    return kind == Kind.DROPPED;
  }

  /** In words. */
  String words() {
    return switch (kind) {
      case REPLACED -> view.words() + " is given its query anew, in place";
      case REMADE -> view.words() + " is made anew, since columns of it change their types";
      case DROPPED -> view.words() + " is dropped";
    };
  }
}
