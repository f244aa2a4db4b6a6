// Where an inventory is looked for.
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from '../settings.ts';

/** Set for what runs inside the network of the practice fleet. */
export const insideDrill = 'RESEED_INSIDE_DRILL';

export interface InventorySearch {
  /** The value of --inventory. */
  readonly flag?: string | undefined;
  readonly environment: Environment;
  /** Absolute. */
  readonly workingDirectory: string;
}

export interface Candidate {
  /** Absolute. */
  readonly path: string;
  /** The file's name for the operator; problems use it. */
  readonly shown: string;
  /** Present when the operator named this very file: then its absence is an error. */
  readonly namedBy?: '--inventory' | '$RESEED_INVENTORY';
}

/**
 * The files to try, in order: --inventory, else $RESEED_INVENTORY, else ./hosts.yaml and
 * $XDG_CONFIG_HOME/reseed/hosts.yaml. A named file is the only one: to fall back to another fleet would be the worst
 * surprise.
 */
export function inventoryCandidates({ flag, environment, workingDirectory }: InventorySearch): readonly Candidate[] {
  const named = (shown: string, namedBy: Candidate['namedBy'] & string): Candidate[] => [
    { path: resolve(workingDirectory, shown), shown, namedBy },
  ];
  if (flag !== undefined) return named(flag, '--inventory');
  if (environment.RESEED_INVENTORY) return named(environment.RESEED_INVENTORY, '$RESEED_INVENTORY');
  const here = { path: join(workingDirectory, 'hosts.yaml'), shown: 'hosts.yaml' };
  const configured = configHome(environment);
  if (configured === undefined) return [here];
  const path = join(configured, 'reseed', 'hosts.yaml');
  return [here, { path, shown: path }];
}

/** XDG Base Directory Specification: unset, empty or relative values count as unset. */
export function configHome({ XDG_CONFIG_HOME: configured, HOME: home }: Environment): string | undefined {
  if (configured && isAbsolute(configured)) return configured;
  return home ? join(home, '.config') : undefined;
}
