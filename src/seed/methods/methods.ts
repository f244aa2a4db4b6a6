// The seed methods; the one that is proposed first is at the top.
import { mariadbBackup, xtrabackup } from './backup-stream/backup-stream.ts';
import { byBinlog } from './binlog/binlog.ts';
import { byClone } from './clone/clone.ts';
import { coldCopy } from './cold-copy/cold-copy.ts';
import { delta, deltaOfStopped } from './delta/delta.ts';
import { byMydumper, byMysqldump } from './dump/dump.ts';
import { lvmSnapshot } from './lvm-snapshot/lvm-snapshot.ts';
import type { SeedMethod } from './method.ts';
import { ownCommands } from './own-commands/own-commands.ts';

export const methods: readonly SeedMethod[] = [
  lvmSnapshot,
  delta,
  byClone,
  mariadbBackup,
  xtrabackup,
  coldCopy,
  deltaOfStopped,
  byMysqldump,
  byMydumper,
  byBinlog,
  ownCommands,
];

/** Taken where a request names none. */
export const defaultMethod: SeedMethod = lvmSnapshot;

/** The method of an operator's request, which named one of `methods`. */
export function methodNamed(name: string | undefined): SeedMethod {
  const found = name === undefined ? defaultMethod : methods.find((method) => method.name === name);
  if (!found) throw new Error(`there is no method ${name}`);
  return found;
}
