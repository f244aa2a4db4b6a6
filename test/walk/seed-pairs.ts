// The seeds that are walked, as an operator types them. A further method is walked by a line here: its source, its terms and what
// has to be so in the end follow from the line and from the fleet's hosts.
import { seedCommand } from '../../src/commands/jobs/seed/seed.ts';
import { type SeedOptions, termsOf } from '../../src/commands/jobs/seed/seed-begin.ts';
import { namesTables } from '../../src/commands/jobs/seed/tables-begin.ts';
import { replicasOf, requireHostNamed } from '../../src/drill/hosts.ts';
import { endingOf } from '../../src/seed/ending.ts';
import { byMysqldump } from '../../src/seed/methods/dump/dump.ts';
import type { SeedMethod } from '../../src/seed/methods/method.ts';
import { methodNamed } from '../../src/seed/methods/methods.ts';
import { ownCommands } from '../../src/seed/methods/own-commands/own-commands.ts';
import type { SeedTerms } from '../../src/seed/request.ts';
import { inventoryPath } from './seed-inventory.ts';

/** `npm test` draws one of these: its walk takes the minutes that are there, on hosts for which few test files wait. */
const drawnLines = ['db4 db5 --method lvm', 'db4 db5 --method mariadb-backup'] as const;

const lines = [
  ...drawnLines,
  'db2 db3 --method lvm',
  // Blank before: it is seeded without a fault first, and reset at the end.
  'db1 db6 --method clone',
  'db1 db3 --method mysqldump',
  'db2 db3 --method delta',
  'db1 db3 --tables shop.customers,shop.orders --replace',
  'db4 db5 --method mydumper',
  'db4 db5 --method delta',
  // By the scripts of orchestrator-agent's users (seed-inventory.ts).
  'db4 db5 --method custom',
  'db4 db5 --tables crm.customers,drill.ledger --replace',
  // MariaDB 10.11 to 11.
  'db4 db9 --method mysqldump',
] as const;

export interface Pair {
  readonly line: string;
  readonly donor: string;
  readonly target: string;
  /** The target's source in the end; it may be the donor. */
  readonly source: string;
  readonly method: SeedMethod;
  readonly terms: SeedTerms;
  /** Of its own, where hosts.yaml does not do. */
  readonly inventory: string | undefined;
  /** The options of `reseed seed`. */
  readonly words: readonly string[];
  /** These alone, into the running server of the target; absent: its whole data is replaced. */
  readonly tables?: {
    readonly databases: readonly string[];
    readonly tables: readonly string[];
    readonly replace: boolean;
  };
  /** Some rows of its `orders` are made others than those of its source before: in the database of that name. */
  readonly diverges?: string;
  /** Its commands of the inventory carry the data: the scripts have to be there. */
  readonly ownCommands: boolean;
  /** Hosts that are brought up for it, and taken down afterwards. */
  readonly extra: readonly string[];
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
  const [from, to] = [requireHostNamed(donor), requireHostNamed(target)];
  const method = namesTables(options) ? byMysqldump : methodNamed(options.method);
  const source = options.follow === 'donor' ? donor : (from.source?.host ?? donor);
  const extra = [from, to].filter((host) => host.extra).map(({ name }) => name);
  const isOwn = method === ownCommands;
  const inventory = extra.length > 0 || isOwn ? inventoryPath(line) : undefined;
  const terms = termsFor(method, options);
  return {
    ...{ line, donor, target, source, method, terms, inventory, extra, ownCommands: isOwn },
    words: [...words, ...(inventory === undefined ? [] : ['--inventory', inventory])],
    ...(namesTables(options) && { tables: namedIn(options) }),
    ...((method.comparesOld || options.tables?.includes(`${from.cluster}.orders`)) && { diverges: from.cluster }),
    isAlone: endingOf(terms).isAlone(0),
    thin: from.disk.thinPool !== '',
  };
}

const namedIn = ({ databases = [], tables = [], replace = false }: SeedOptions) => ({ databases, tables, replace });

/** Slow enough that a fault can come in the middle of the copy. */
function termsFor({ unused }: SeedMethod, options: SeedOptions): SeedTerms {
  const given = termsOf(options, undefined);
  return {
    ...given,
    ...(!unused.includes('compression') && { compression: 'none' as const }),
    ...(!unused.includes('bandwidthBytesPerSecond') && {
      bandwidthBytesPerSecond: given.bandwidthBytesPerSecond ?? 20e6,
    }),
  };
}

export const pairs: readonly Pair[] = lines.map(pairOf);
export const drawnPairs: readonly Pair[] = drawnLines.map(pairOf);

export const nameOf = ({ line }: Pick<Pair, 'line'>) => `seed ${line}`;

/**
 * Those that it changes; the source, which answers for the rows; and for a target that has no data at first a replica of
 * that source, by whose account it will replicate.
 */
export const hostsOf = ({ donor, target, source }: Pair): string[] => {
  const alike = requireHostNamed(target).blank ? replicasOf(source).slice(0, 1) : [];
  return [...new Set([donor, target, source, ...alike.map(({ name }) => name)])];
};

/** The verb of an operator, in words. */
export const verbOf = ({ donor, target, words }: Pair): [string, ...string[]] => [
  'seed',
  donor,
  target,
  `--yes=${target}`,
  ...words,
];
