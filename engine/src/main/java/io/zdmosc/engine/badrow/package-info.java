/** Finds and words the rows that the change cannot convert; the same for every connector. */
package io.zdmosc.engine.badrow;
