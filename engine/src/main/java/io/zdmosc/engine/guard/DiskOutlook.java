package io.zdmosc.engine.guard;

import java.util.List;

/** What a plan says of the room on the server's disks. */
public final class DiskOutlook {
  private DiskOutlook() {}

  /**
   * What the user should know.
   *
   * @param disks those that can be seen
   * @param neededBytes by the new table with its indexes
   */
  public static List<String> warnings(List<DiskSpace> disks, long neededBytes) {
    if (disks.isEmpty()) {
      return List.of(
          "how much room the server's disks have cannot be seen from here, so nobody watches it;"
              + " the new table needs about "
              + ByteText.of(neededBytes)
              + ", and the log that it writes comes on top");
    }
    return disks.stream()
        .filter(disk -> disk.freeBytes() < neededBytes)
        .map(
            disk ->
                ByteText.of(disk.freeBytes())
                    + " are left on "
                    + disk.name()
                    + ", and the new table needs about "
                    + ByteText.of(neededBytes)
                    + "; the migration gives up before the disk is full")
        .toList();
  }
}
