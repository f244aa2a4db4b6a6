// The reference for polling: the system's ssh, a command a poll over one master connection a host, as a shell script would do it.

import { join } from 'node:path';
import { execa } from 'execa';
import type { StandIns } from './fleet.ts';

const hosts = 8;
const pollsPerHost = 10;

/** CPU of a client's process for one poll, in milliseconds. The master's own share is left out: it favours the reference. */
export async function controlMasterPollMs(folder: string, { ssh, addresses }: StandIns): Promise<number> {
  const control = ['-o', `ControlPath=${join(folder, 'cm-%C')}`];
  const sample = addresses.slice(0, hosts);
  await Promise.all(sample.map((address) => execa('ssh', [...ssh, ...control, '-MNf', address])));
  // bash's `times` tells, on its second line, the user and system time of all that it ran.
  const script = `words=("$@"); for n in {1..${pollsPerHost}}; do for address in ${sample.join(' ')}; do
    ssh "\${words[@]}" "$address" probe >/dev/null </dev/null; done; done; times`;
  const { stdout } = await execa('bash', ['-c', script, 'poll', ...ssh, ...control]);
  await Promise.all(
    sample.map((address) => execa('ssh', [...ssh, ...control, '-O', 'exit', address], { reject: false })),
  );
  const spent = [...(stdout.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = spent.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return (seconds * 1000) / (hosts * pollsPerHost);
}
