/**
 * What the user writes behind {@code ALTER TABLE t}, cut into pieces that can be run on the shadow.
 *
 * <p>The server is the parser: each piece is run on the empty shadow, and the catalog tells what
 * became of it. Reading the text is left with what the server cannot do for us. It does not take a
 * {@code RENAME} together with other actions, so they are split into {@linkplain
 * io.zdmosc.postgres.alter.Stage stages}. It does not tell the expression behind {@code USING},
 * which the copy needs. It would check foreign keys on the shadow, which have to wait for the
 * cut-over. And it would take actions that mean something on the source only.
 *
 * <p>Hence the rule for everything here: text whose end is in doubt is refused, text that only the
 * server can judge is passed on unchanged.
 */
package io.zdmosc.postgres.alter;
