/** Errors as users see them, one type per kind, each with its exit status. */
package io.zdmosc.engine.error;
