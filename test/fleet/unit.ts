// Units on hosts of the fleet, each verb in a process of its own.
import { randomBytes } from 'node:crypto';
import { reseed } from './fleet.ts';

const verb = 'test/fleet/unit-verb.ts';

export const newJob = () => `test-${randomBytes(4).toString('hex')}`;

/** What unit-verb.ts prints for these words. */
export async function unit(...words: string[]): Promise<Record<string, unknown> & { state?: { kind: string } }> {
  const done = await reseed(['drill', 'exec', '--', process.execPath, verb, ...words]);
  if (done.exitCode !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}
