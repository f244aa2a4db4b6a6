// The fleet's own network: a namespace with a bridge, and a tap on it for each host. No traffic passes between it and
// the outside.
import { execa } from 'execa';
import type { DrillHost } from '../host.ts';
import { consoleAddress } from '../hosts.ts';
import { run } from '../run.ts';

const bridge = 'fleet';

export const tapOf = (host: DrillHost) => `tap-${host.name}`;

/** A MAC that is the same at every boot, so that ARP tables of other hosts stay valid. */
export const macOf = (host: DrillHost) => `52:54:00:77:00:${host.address.split('.')[3]}`;

export async function networkStands(namespace: string): Promise<boolean> {
  const { stdout } = await execa('ip', ['-json', 'netns', 'list'], { reject: false });
  const listed: unknown = JSON.parse(stdout || '[]');
  return Array.isArray(listed) && listed.some((entry: { name?: string }) => entry.name === namespace);
}

/** Makes the namespace with its bridge; does nothing if it exists. */
export async function makeNetwork(namespace: string): Promise<void> {
  if (await networkStands(namespace)) return;
  await run('ip', ['netns', 'add', namespace]);
  await run('ip', ['-netns', namespace, '-batch', '-'], {
    input: [
      'link set lo up',
      `link add ${bridge} type bridge forward_delay 0`,
      `address add ${consoleAddress}/24 dev ${bridge}`,
      `link set ${bridge} up`,
    ].join('\n'),
  });
}

/** Gives `host` its tap on the bridge. */
export async function plugIn(namespace: string, host: DrillHost): Promise<void> {
  const tap = tapOf(host);
  const there = await execa('ip', ['-netns', namespace, 'link', 'show', tap], { reject: false });
  if (!there.failed) return;
  await run('ip', ['-netns', namespace, '-batch', '-'], {
    input: [`tuntap add ${tap} mode tap`, `link set ${tap} master ${bridge} up`].join('\n'),
  });
}

/** Removes the namespace, and with it the bridge and every tap. */
export async function removeNetwork(namespace: string): Promise<void> {
  if (await networkStands(namespace)) await run('ip', ['netns', 'delete', namespace]);
}

/** The words before a command that make it run inside the fleet's network. */
export function insideNetwork(namespace: string): [string, ...string[]] {
  return ['ip', 'netns', 'exec', namespace];
}
