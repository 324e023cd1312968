/** What a running migration tells those who watch it. */
package io.zdmosc.engine.progress;
