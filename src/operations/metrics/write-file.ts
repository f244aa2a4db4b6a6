// The file for node_exporter's textfile collector. It is replaced as a whole: the collector may read it at any moment.
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { forTextfile } from '../../metrics/openmetrics.ts';
import { diskTrouble } from '../jobs/job-trouble.ts';

/** undefined: it is written. Else why it can't be. */
export function writeMetrics(path: string, text: string): string | undefined {
  // Not .prom: the collector reads no other. Exclusive, so that no link that waits there is followed.
  const beside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(beside, forTextfile(text), { mode: 0o644, flag: 'wx' });
    renameSync(beside, path);
    return undefined;
  } catch (error) {
    rmSync(beside, { force: true });
    return `metrics can't be written to ${path}: ${diskTrouble(error)}`;
  }
}
