/** The control schema zdm_osc on PostgreSQL. */
package io.zdmosc.postgres.control;
