// Whether hosts are as a scenario wants them: what they tell (guest/goal.sh), and what is missing. Pure.
import { drillHosts } from '../hosts.ts';
import { type Goal, goalWords } from './scenario.ts';

/** A host's facts by name. A value that it did not tell is absent. */
export type GoalFacts = ReadonlyMap<string, string>;

export interface Judged {
  readonly goal: Goal;
  readonly words: string;
  readonly reached: boolean;
  /** Why not; empty: it is. */
  readonly why: string;
}

/** The facts of each host of a goal that hosts tell of themselves; those of `equal` and of the other operator come from elsewhere. */
export function hostsAsked(goals: readonly Goal[]): readonly string[] {
  const names = goals.flatMap((goal) =>
    'host' in goal ? [goal.host, ...(goal.is === 'no errant' ? [goal.to] : [])] : [],
  );
  return [...new Set(names)];
}

export function factsFrom(printed: string): GoalFacts {
  return new Map(
    printed.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
}

/** `facts`: undefined for a host that did not answer. */
export function judge(goal: Goal, facts: (host: string) => GoalFacts | undefined): Judged {
  const why = 'host' in goal ? whyNot(goal, facts(goal.host), facts) : '';
  return { goal, words: goalWords(goal), reached: why === '', why };
}

type OfHost = Extract<Goal, { readonly host: string }>;

interface Told {
  readonly is: (name: string) => string;
  readonly other: (host: string) => GoalFacts | undefined;
}

/** Empty: it is so. Rows are compared by verify.ts. */
const judges: { readonly [Is in OfHost['is']]: (goal: Extract<OfHost, { is: Is }>, told: Told) => string } = {
  up: () => '',
  equal: () => '',
  writable: (_, { is }) => (is('read_only') === '0' ? '' : 'it is read-only'),
  'read-only': (_, { is }) => (is('read_only') === '1' ? '' : 'it takes writes'),
  alone: (_, { is }) => whyNotAlone(is('source')),
  replicates: ({ from }, { is }) => whyNotReplicates(from, is),
  'no errant': ({ to }, { is, other }) => whyErrant(to, is('gtid'), other(to)?.get('gtid')),
  room: ({ atMostPercent }, { is }) => {
    const used = figure(is('used_percent'));
    if (used === undefined) return 'how full it is is unknown';
    return used <= atMostPercent ? '' : `it is ${used} % full`;
  },
  snapshot: (_, { is }) => {
    const [invalid, good] = [figure(is('invalid_snapshots')), figure(is('good_snapshots'))];
    if (invalid === undefined || good === undefined) return 'its snapshots are unknown';
    if (invalid > 0) return 'it has an invalid one';
    return good > 0 ? '' : 'it has none of reseed';
  },
};

/** An empty text is no 0. */
const figure = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/** These are told by a host whose server is down, too. */
const ofStorage: readonly Goal['is'][] = ['room', 'snapshot'];

function whyNot(goal: OfHost, facts: GoalFacts | undefined, other: Told['other']): string {
  if (!facts) return `${goal.host} does not answer on its serial line`;
  const is = (name: string) => facts.get(name) ?? '?';
  if (!ofStorage.includes(goal.is) && is('server') !== 'up') {
    return is('server') === 'down' ? 'its server is down' : 'its server does not answer now: ask again';
  }
  // Each judge takes the goals of its own kind.
  return (judges[goal.is] as (goal: OfHost, told: Told) => string)(goal, { is, other });
}

const whyNotAlone = (source: string): string => {
  if (source === '?') return 'its source is unknown';
  return source === '' ? '' : `it has ${hostAt(source)} as its source`;
};

function whyNotReplicates(from: string, is: (name: string) => string): string {
  if (is('source') === '?') return 'its source is unknown';
  const source = hostAt(is('source'));
  if (source === '') return 'it replicates from no host';
  if (source !== from) return `it replicates from ${source}`;
  return is('io') === 'Yes' && is('sql') === 'Yes' ? '' : 'replication does not run';
}

/** `10.77.0.11` is db1. */
const hostAt = (address: string): string => drillHosts.find((host) => host.address === address)?.name ?? address;

function whyErrant(to: string, own: string, other: string | undefined): string {
  if (!other) return `the transactions of ${to} are unknown`;
  if (own === '' || own === '?') return 'its transactions are unknown';
  const lacks = gtidParts(own).filter(([uuid, last]) => last > (new Map(gtidParts(other)).get(uuid) ?? 0));
  return lacks.length === 0 ? '' : `${to} lacks transactions of ${lacks.map(([uuid]) => uuid).join(', ')}`;
}

/** The last transaction of each server: that is enough for servers whose sets have no holes. */
function gtidParts(set: string): readonly (readonly [string, number])[] {
  return set.split(',').flatMap((part) => {
    const [uuid = '', ...ranges] = part.trim().split(':');
    const last = Math.max(0, ...ranges.map((range) => Number(range.split('-').at(-1)) || 0));
    return uuid === '' ? [] : [[uuid, last] as const];
  });
}
