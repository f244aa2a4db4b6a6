// The numbers of errors of replication. MySQL from 8.0 on reports those of its receiver and its relay log by numbers of its error
// log (perror of MySQL 9.7); older ones and MariaDB report the others, and manuals and rules are written with those. Pure.

const usual: ReadonlyMap<number, number> = new Map([
  [13_114, 1236],
  [13_115, 1743],
  [13_116, 1596],
  [13_117, 1593],
  [13_118, 1623],
  [13_119, 1590],
  [13_120, 1597],
  [13_121, 1594],
  [13_122, 1595],
]);

/** The number by which manuals and older servers know the error: 1236 for 13114. */
export const usualNumber = (errorNumber: number): number => usual.get(errorNumber) ?? errorNumber;
