/**
 * Keeps a migration from hurting its server: how much log the server keeps for it, how old that may
 * become, and how much room is left on its disks. Each warns, then slows the copy down, and at the
 * limit gives up cleanly.
 */
package io.zdmosc.engine.guard;
