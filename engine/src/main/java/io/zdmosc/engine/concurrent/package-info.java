/** Threads of one run: how they are started, stopped and heard of when they fail. */
package io.zdmosc.engine.concurrent;
