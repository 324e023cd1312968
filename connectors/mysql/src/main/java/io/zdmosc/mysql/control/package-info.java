/** The control schema zdm_osc on MySQL and MariaDB. */
package io.zdmosc.mysql.control;
