// Files of units, written and removed; each answer says why that can't be done.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskTrouble } from '../jobs/job-trouble.ts';

/** Replaced as a whole: on a full disk the one that was there stays, and its timer with it. A link stays one. */
export function written(path: string, text: string): string | undefined {
  // Its name is none of a unit: systemd never reads it.
  let beside = '';
  try {
    mkdirSync(dirname(path), { recursive: true });
    const real = existsSync(path) ? realpathSync(path) : path;
    beside = `${real}.${randomBytes(4).toString('hex')}`;
    writeFileSync(beside, text, { mode: 0o644, flag: 'wx' });
    renameSync(beside, real);
    return undefined;
  } catch (error) {
    if (beside !== '') rmSync(beside, { force: true });
    return diskTrouble(error);
  }
}

export function removed(path: string): string | undefined {
  try {
    rmSync(path, { force: true });
    return undefined;
  } catch (error) {
    return diskTrouble(error);
  }
}
