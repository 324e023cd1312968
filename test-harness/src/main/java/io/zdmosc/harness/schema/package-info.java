/** Catalogs as text, to tell whether a change made exactly what it should, and nothing else. */
package io.zdmosc.harness.schema;
