// The seeds that are walked, as an operator types them. A further method is walked by a line here: its source, its terms and what
// has to be so in the end follow from the line and from the fleet's hosts.
import { seedCommand } from '../../src/commands/jobs/seed/seed.ts';
import { type SeedOptions, termsOf } from '../../src/commands/jobs/seed/seed-begin.ts';
import { requireHostNamed } from '../../src/drill/hosts.ts';
import { endingOf } from '../../src/seed/ending.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { methodNamed } from '../../src/seed/methods/methods.ts';
import type { SeedTerms } from '../../src/seed/request.ts';

const lines = [
  'db4 db5 --method lvm',
  'db2 db3 --method lvm',
  'db4 db5 --method mariadb-backup',
  // Blank before: it is seeded without a fault first, and reset at the end.
  'db1 db6 --method clone',
] as const;

export interface Pair {
  readonly line: string;
  readonly donor: string;
  readonly target: string;
  /** The target's source in the end; it may be the donor. */
  readonly source: string;
  readonly method: SeedMethod;
  readonly terms: SeedTerms;
  readonly inventory: string | undefined;
  /** The options of `reseed seed`, as the line has them. */
  readonly words: readonly string[];
  /** It replicates from no host in the end. */
  readonly isAlone: boolean;
  /** The donor's snapshots have no room of their own. */
  readonly thin: boolean;
}

export function pairOf(line: string): Pair {
  const [donor = '', target = '', ...words] = line.split(' ');
  const command = seedCommand();
  command.parseOptions([...words]);
  const options = command.opts<SeedOptions>();
  const { source, disk } = requireHostNamed(donor);
  const given = termsOf(options, undefined);
  // Slow enough that a fault can come in the middle of the copy.
  const terms = {
    ...given,
    compression: 'none' as const,
    bandwidthBytesPerSecond: given.bandwidthBytesPerSecond ?? 20e6,
  };
  return {
    ...{ line, donor, target, words, terms },
    source: options.follow === 'donor' ? donor : (source?.host ?? donor),
    method: methodNamed(options.method),
    inventory: options.inventory,
    isAlone: endingOf(terms).isAlone(0),
    thin: disk.thinPool !== '',
  };
}

export const pairs: readonly Pair[] = lines.map(pairOf);

export const nameOf = ({ line }: Pick<Pair, 'line'>) => `seed ${line}`;

/** Those that it changes, and the source, which answers for the rows. */
export const hostsOf = ({ donor, target, source }: Pair): string[] => [...new Set([donor, target, source])];

/** The verb of an operator, in words. */
export const verbOf = ({ donor, target, words }: Pair): [string, ...string[]] => [
  'seed',
  donor,
  target,
  `--yes=${target}`,
  ...words,
];
