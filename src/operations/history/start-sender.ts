// Starts the sender of this journal where none runs. It outlives the process that starts it.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { privateFile } from '../../job/journal/private-folder.ts';
import { isAlive } from '../../job/lease/alive.ts';
import type { JobStore } from '../jobs/job-store.ts';

/** Where the journal is not shared it does nothing. Throws where the disk fails. */
export function startSender({ home, journal }: JobStore): void {
  if (!journal.sharing.joined()) return;
  privateFile(home.sender);
  if (isAlive(home.sender)) return;
  const printed = openSync(home.senderOutput, 'w', 0o600);
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, 'history', 'send'], {
    detached: true,
    stdio: ['ignore', printed, printed],
    cwd: '/',
  });
  closeSync(printed);
  // A machine that can start no process now is asked again by the next caller.
  child.once('error', () => undefined);
  child.unref();
}
