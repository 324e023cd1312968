/** Statements by which things go from the table that stops serving to the one that begins to. */
package io.zdmosc.postgres.handover;
