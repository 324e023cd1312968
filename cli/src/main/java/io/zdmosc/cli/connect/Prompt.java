package io.zdmosc.cli.connect;

import java.util.Optional;

/** Asks the person at the terminal, if there is one. */
public interface Prompt {
  /** Nobody is there. */
  Prompt NOBODY =
      new Prompt() {
        @Override
        public Optional<String> password(String question) {
          return Optional.empty();
        }

        @Override
        public boolean confirm(String question) {
          return false;
        }

        @Override
        public boolean available() {
          return false;
        }
      };

  /** Asks without showing what is typed; empty when there is no terminal or nothing was typed. */
  Optional<String> password(String question);

  /** True when somebody is there and says yes. */
  boolean confirm(String question);

  /** True when somebody can be asked. */
  boolean available();
}
