// Which methods a seed tries, one after the other: the operator's, else those of seed.method, else the default.
import type { Host } from '../../inventory/settings.ts';
import type { SeedMethod, Term } from '../../seed/methods/method.ts';
import { defaultMethod, methodNamed, methods } from '../../seed/methods/methods.ts';
import type { SeedTerms } from '../../seed/request.ts';
import { given, type Result, refused } from '../result.ts';

interface Wanted {
  readonly method?: string;
  readonly snapshot?: string;
  readonly terms: SeedTerms;
}

export interface Order {
  /** At least one. The next is tried where the preflight refuses one. */
  readonly methods: readonly SeedMethod[];
  /** Those of seed.method that make no use of what is asked for. */
  readonly passedOver: readonly { readonly method: SeedMethod; readonly terms: readonly Term[] }[];
}

export function methodsToTry(wanted: Wanted, targets: readonly Host[]): Result<Order> {
  if (wanted.method !== undefined) return given({ methods: [methodNamed(wanted.method)], passedOver: [] });
  const orders = targets.map((host) => ({ host, order: orderOf(host) }));
  const [first, ...others] = orders;
  if (!first) throw new Error('a seed without a target');
  const other = others.find(({ order }) => order.join() !== first.order.join());
  if (other) {
    const message = `seed.method is ${first.order.join(', ')} for ${first.host.name}, and ${other.order.join(', ')} for ${other.host.name}`;
    return refused({ kind: 'usage', message, advice: 'name one method by --method, or seed them in two jobs' });
  }
  const all = first.order.map(methodNamed);
  const judged = all.map((method) => ({ method, terms: unusedTerms(method, wanted) }));
  const useful = judged.filter(({ terms }) => terms.length === 0).map(({ method }) => method);
  const passedOver = judged.filter(({ terms }) => terms.length > 0);
  if (useful.length > 0) return given({ methods: useful, passedOver });
  const terms = passedOver.map(
    ({ method, terms }) => `${method.name}: ${terms.map((term) => termFlags[term]).join(', ')}`,
  );
  const message = `what the seed is asked for is of no use to the methods of ${first.host.name} (${terms.join('; ')})`;
  const able = methods.filter((method) => unusedTerms(method, wanted).length === 0).map(({ name }) => name);
  const named = able.length === 0 ? '' : `, or name a method that has a use for it: --method ${able.join(', ')}`;
  return refused({ kind: 'usage', message, advice: `leave it out${named}` });
}

export function orderOf({ seed: { method } }: Pick<Host, 'seed'>): readonly string[] {
  return method === undefined ? [defaultMethod.name] : [...new Set(method)];
}

/** What is asked for and the method makes no use of: it would be left out without a word. */
export function unusedTerms({ unused }: SeedMethod, { snapshot, terms }: Wanted): Term[] {
  const all = new Set([...unused, ...(snapshot === undefined ? [] : ofNewSnapshots)]);
  return [...all].filter((term) => (term === 'snapshot' ? snapshot !== undefined : isGiven(terms[term])));
}

/** Those of `some` that are asked for. */
export const givenTerms = (some: readonly Term[], terms: SeedTerms): Term[] =>
  some.filter((term) => term !== 'snapshot' && isGiven(terms[term]));

const ofNewSnapshots: readonly Term[] = ['keepSnapshot', 'maxLagSeconds'];

/** Not by default. */
const isGiven = (value: SeedTerms[keyof SeedTerms]) => value !== undefined && value !== false && value !== 'auto';

/** As an operator types them. */
export const termFlags: Readonly<Record<Term, string>> = {
  snapshot: '--snapshot',
  keepSnapshot: '--keep-snapshot',
  channel: '--channel',
  compression: '--compression',
  streams: '--streams',
  bandwidthBytesPerSecond: '--limit',
  follow: '--follow',
  accountFile: '--account',
  clear: '--clear',
  injectEmpty: '--inject-empty',
  maxLagSeconds: '--max-lag',
  ends: '--standalone or --as-set',
  writable: '--writable',
  events: '--events',
  only: '--databases or --tables',
  replace: '--replace',
};
