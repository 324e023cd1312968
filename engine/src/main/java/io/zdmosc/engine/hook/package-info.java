/** Programs of the operator's that are called when a migration comes to something. */
package io.zdmosc.engine.hook;
