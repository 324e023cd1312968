/**
 * How triggers come to the new table.
 *
 * <p>A trigger's name is unique in its database, a trigger follows its table when that is renamed,
 * and no statement renames a trigger. So the new table gets triggers of the same definition under
 * temporary names ({@link io.zdmosc.mysql.trigger.ShadowTriggers}), under the cut-over's lock,
 * behind the last flush and before the RENAME: none of our writes fires them, and the first write
 * after the swap does. Until the RENAME the source has what it had.
 *
 * <p>Afterwards they get their right names one by one ({@link
 * io.zdmosc.mysql.trigger.TriggerHandover}): the retired table's trigger, which holds the name, is
 * dropped; the new table is locked for writing; a guard is put on it, which refuses the writes that
 * the trigger is for; the trigger is dropped and made again by its own name; the guard is dropped.
 * The lock keeps everybody from seeing the guard. Only if server or connection die in the midst,
 * the lock is gone, and the guard remains: then writes fail until it is finished, instead of
 * happening without the trigger, or with two of it.
 */
package io.zdmosc.mysql.trigger;
