/**
 * Gives way to the application: signals of pressure, one small class each, and the throttle that
 * slows the copy down smoothly and stops it at the limit. The change stream is never throttled.
 */
package io.zdmosc.engine.throttle;
