// Files of units, written and removed; each answer says why that can't be done.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskTrouble } from '../jobs/job-trouble.ts';

export function written(path: string, text: string): string | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o644 });
    return undefined;
  } catch (error) {
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
