// The command of the inventory that deletes old data (commands.deleteDatadir): never data that an undo puts back.
import { customText } from '../../custom/named.ts';
import type { Side } from '../request.ts';
import { deleterOf } from '../target/delete-by-command.ts';
import { type Finding, judging } from './finding.ts';

/** `clears`: whether the old data is deleted before the copy. */
export function deleterChecks(target: Side, clears: boolean): Finding[] {
  const { host, facts } = target;
  const command = deleterOf(host);
  const { pass, refuse } = judging(target);
  if (!command) return [];
  const setting = `commands.${command.name}`;
  if (!clears) {
    return [pass(`${setting} is not run: reseed deletes the old data itself, once the new has taken its place`)];
  }
  if (!facts.tools.includes('unshare')) {
    return [refuse(`${host.name} has no unshare, which keeps ${setting} to its datadir`, 'install util-linux')];
  }
  return [
    pass(
      `${setting} deletes the old data: ${customText(command, host)}. It can write ${facts.datadir}, memory and devices alone; what it leaves there, also where it fails, reseed deletes`,
    ),
  ];
}
