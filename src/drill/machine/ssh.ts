// ssh to a practice host, and any command inside the fleet's network.
import { execa } from 'execa';
import { cleanLine } from '../../text/clean.ts';
import type { DrillHost } from '../host.ts';
import { type Places, sshConfigFile } from '../places.ts';
import { insideNetwork } from './network.ts';

/** Runs a command inside the fleet's network on this terminal; returns its exit status (128 + signal if it was killed). */
export async function execInside(
  places: Places,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [program, ...words] = [...insideNetwork(places.namespace), ...command] as [string, ...string[]];
  const ended = await execa(program, words, { stdio: 'inherit', reject: false, env: environment });
  return ended.exitCode ?? 128 + (ended.signal === 'SIGINT' ? 2 : 15);
}

/** The arguments of an ssh to `host`: the system's own ssh with the fleet's keys, so that the same command works by hand. */
export function sshWords(places: Places, host: DrillHost, options: readonly string[] = []): string[] {
  return ['ssh', '-F', sshConfigFile(places), ...options, '--', host.name];
}

/** Whether a login works: `ok`, or ssh's error. */
export async function tryLogin(places: Places, host: DrillHost): Promise<string> {
  const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=6'];
  const [program, ...words] = [...insideNetwork(places.namespace), ...sshWords(places, host, options), 'true'] as [
    string,
    ...string[],
  ];
  const tried = await execa(program, words, { reject: false, timeout: 20_000, stdin: 'ignore' });
  if (!tried.failed) return 'ok';
  if (tried.timedOut) return 'no answer';
  if (tried.stderr.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) return 'host key changed';
  const said = cleanLine(tried.stderr.trim().split('\n').at(-1) ?? '').replace(/^ssh: /, '');
  return said || 'failed';
}
