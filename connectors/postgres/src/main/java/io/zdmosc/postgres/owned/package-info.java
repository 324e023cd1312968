/** What hangs on a table and changes hands with its name. */
package io.zdmosc.postgres.owned;
