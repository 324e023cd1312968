/** What a migration writes down so that another process can go on with it. */
package io.zdmosc.engine.durable;
