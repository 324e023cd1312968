/**
 * The cut-over: lock, fence, drain, final flush, swap, unlock, all within a budget. It is attempted
 * only when it can succeed, and whatever runs out of time is released and tried again later.
 */
package io.zdmosc.engine.cutover;
