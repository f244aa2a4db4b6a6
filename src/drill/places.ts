// The fleet's folders: images in the cache, everything of a running fleet in the state folder.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Places {
  /** Trees, root images, sample datadirs and data disks, each named by the digest of what made it. */
  readonly cache: string;
  /** Everything of the running fleet; `down` removes it. */
  readonly state: string;
  /** The name of the fleet's network namespace. Two state folders allow two fleets side by side. */
  readonly namespace: string;
}

/** The folder of src/drill: scripts and guest files are read from here. */
export const drillSources = import.meta.dirname;

/** Follows the XDG Base Directory Specification: unset, empty or relative values count as unset. */
export function placesFrom(environment: NodeJS.ProcessEnv): Places {
  const home = environment.HOME || homedir();
  const cacheHome = absolute(environment.XDG_CACHE_HOME) ?? join(home, '.cache');
  const stateHome = absolute(environment.XDG_STATE_HOME) ?? join(home, '.local', 'state');
  const state = join(stateHome, 'reseed', 'drill');
  const digest = createHash('sha256').update(resolve(state)).digest('hex').slice(0, 8);
  return { cache: join(cacheHome, 'reseed', 'drill'), state, namespace: `reseed-${digest}` };
}

/** The folder of one host of the running fleet: its disks, its serial line, its boot log. */
export function hostFolder(places: Places, host: string): string {
  return join(places.state, host);
}

export const sshConfigFile = (places: Places) => join(places.state, 'ssh_config');
export const identityFile = (places: Places) => join(places.state, 'id_ed25519');
export const knownHostsFile = (places: Places) => join(places.state, 'known_hosts');

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
