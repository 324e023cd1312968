/**
 * Times in which work is allowed, as operators write them: by weekday and hour of a time zone, or
 * as a cron expression with a duration.
 */
package io.zdmosc.engine.window;
