/** What a migration is going to do, in a form that can be shown before it is done. */
package io.zdmosc.engine.plan;
