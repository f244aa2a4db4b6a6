// What runs on a host: one capability a .sh file, POSIX sh, readable by any DBA. Nothing else lives here. A script's values
// come as arguments or on its standard input; its answer is read by a parser in src/host. Every script runs behind prelude.sh.
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
  | 'seed-proof'
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

/** The text of `src/scripts/<name>.sh`, after what all of them begin with (prelude.sh). */
export async function scriptText(name: ScriptName): Promise<string> {
  const [prelude, own] = await Promise.all([textOf('prelude'), textOf(name)]);
  return `${prelude}\n${own}`;
}

const textOf = (name: ScriptName | 'prelude') => readFile(new URL(`${name}.sh`, import.meta.url), 'utf8');
