// What the runs of hooks on this machine left beside the journal (hook.sh): removed when their job is over.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { JobHome } from '../../job/journal/home.ts';

export function forgetHooks({ hooks }: Pick<JobHome, 'hooks'>, key: string): void {
  const folder = dirname(hooks(key));
  const own = readdirSync(folder).filter((name) => name.startsWith(basename(hooks(key))));
  for (const name of own) rmSync(join(folder, name), { force: true });
}
