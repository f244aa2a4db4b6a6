// `reseed status` of hosts of the fleet, as JSON.
import { reseed } from './fleet.ts';
import { statusWords } from './watch.ts';

export const status = (...more: string[]) => reseed(statusWords(...more));

interface HostJson {
  readonly host: string;
  readonly link: { readonly state: string; readonly failure?: { readonly kind: string } };
  readonly server: string;
  readonly role: string;
  readonly sources: readonly string[];
  readonly alerts: readonly { readonly kind: string; readonly level: string; readonly text: string }[];
}

export async function hosts(...names: string[]): Promise<Map<string, HostJson>> {
  const { stdout } = await status(...names, '--json');
  const { hosts: list } = JSON.parse(stdout) as { hosts: HostJson[] };
  return new Map(list.map((host) => [host.host, host]));
}

export const critical = (host: HostJson | undefined) =>
  (host?.alerts ?? []).filter(({ level }) => level === 'critical').map(({ kind }) => kind);
