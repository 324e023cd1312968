/** One check, one class: what stands in the way of a migration, found before it begins. */
package io.zdmosc.mysql.plan.checks;
