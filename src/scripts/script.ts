// What runs on a host: one capability a .sh file, POSIX sh, readable by any DBA. Nothing else lives here. A script's values
// come as arguments or on its standard input; its answer is read by a parser in src/host.
import { readFile } from 'node:fs/promises';

export type ScriptName =
  | 'check'
  | 'follow-log'
  | 'host-lock'
  | 'leftovers'
  | 'probe'
  | 'relay'
  | 'seed-account'
  | 'seed-facts'
  | 'seed-list'
  | 'seed-receive'
  | 'seed-send'
  | 'seed-sql'
  | 'seed-socat'
  | 'seed-ssh'
  | 'seed-stage'
  | 'seed-start'
  | 'seed-still'
  | 'seed-sums'
  | 'seed-way'
  | 'service'
  | 'snapshot'
  | 'take-snapshot'
  | 'unit';

/** The text of `src/scripts/<name>.sh`. */
export function scriptText(name: ScriptName): Promise<string> {
  return readFile(new URL(`${name}.sh`, import.meta.url), 'utf8');
}
