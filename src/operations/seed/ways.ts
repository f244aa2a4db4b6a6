// Every method for a donor and a target: which can be used, what it costs, and why the others can't be.
import type { SeedMethod } from '../../seed/methods/method.ts';
import { methods } from '../../seed/methods/methods.ts';
import type { Finding } from '../../seed/preflight/finding.ts';
import { versionOf } from '../../seed/preflight/identity/versions.ts';
import type { SeedTerms, Side } from '../../seed/request.ts';
import type { Author } from '../plans/draft.ts';
import { given, type Result } from '../result.ts';
import { costsOf, inSyncWords, requestOf, type SeedWanted, seedDraft } from './draft.ts';
import { orderOf } from './order.ts';
import { type Proposed, proposedOf, worseWords } from './proposed.ts';
import { askBoth, type SeedAsking } from './seed.ts';
import { askingSources } from './sources.ts';

export interface Way {
  readonly method: SeedMethod;
  /** Why it can't be used, each with what would make it possible; empty: it can. */
  readonly against: readonly Reason[];
  /** What it costs: how long it takes, for how long writes wait, and why it would be worse than the proposed one. Sentences. */
  readonly figures: readonly string[];
}

type Reason = Pick<Finding, 'host' | 'text' | 'advice'>;

export interface Ways {
  /** Those of `seed.method` first, in its order. */
  readonly ways: readonly Way[];
  /** What is said against each method that copies. */
  readonly againstAll: readonly Reason[];
  /** With the reason; absent: none can be used. */
  readonly proposed?: Pick<Proposed, 'method' | 'why'>;
  /** `healthy and in sync with db1: it needs no seed`; absent: it may need one. */
  readonly needless?: string;
  /** Why named tables alone can't be brought, as far as that is known without their names. */
  readonly againstTables: readonly Reason[];
}

const terms: SeedTerms = { keepSnapshot: false, compression: 'auto', clear: false };

/** Takes as long as the slowest host. */
export async function waysToSeed(
  names: { readonly donor: string; readonly target: string },
  by: Author,
  asking: SeedAsking,
): Promise<Result<Ways>> {
  const sides = await askBoth({ donor: names.donor, targets: [names.target] }, terms, asking);
  if (!sides.ok) return sides;
  const { donor, targets } = sides.value;
  const { known, past, open, signal, onWaiting } = asking;
  const order = targets.flatMap(({ host }) => orderOf(host));
  const place = ({ name }: SeedMethod) => (order.indexOf(name) + methods.length + 1) % (methods.length + 1);
  onWaiting?.('sources', []);
  const all = methods.toSorted((one, other) => place(one) - place(other));
  const ask = askingSources({ known, open, signal });
  const wanted = await Promise.all(
    all.map(async (method): Promise<SeedWanted> => {
      const one = { donor, targets, method, terms, known, past };
      return { ...one, asked: await ask(requestOf(one, by)) };
    }),
  );
  return given(judged(wanted, by));
}

/** The same seed by each method, in the order in which they are proposed. */
export function judged(wanted: readonly SeedWanted[], by: Author): Ways {
  const ways = wanted.map((one) => lookAt(one, by));
  const [first, ...others] = ways.filter(({ method }) => method.copies);
  const againstAll = (first?.against ?? []).filter((reason) =>
    others.every(({ against }) => against.some((other) => isSame(reason, other))),
  );
  const usable = wanted.filter((_, at) => ways[at]?.against.length === 0);
  const [one] = wanted;
  const [target] = one?.targets ?? [];
  const proposed = proposedOf(usable, target?.host.seed.method);
  const needless = one && target && inSyncWords(target, one.known);
  return {
    ways: ways.map((way, at) => withWorse(way, wanted[at], proposed)),
    againstAll,
    againstTables: one && target ? tablesAgainst(one.donor, target) : [],
    ...(proposed && { proposed }),
    ...(needless !== undefined && { needless }),
  };
}

function withWorse(way: Way, wanted: SeedWanted | undefined, proposed: Proposed | undefined): Way {
  const worse = wanted && proposed && way.against.length === 0 ? worseWords(wanted, proposed.method) : undefined;
  return worse === undefined ? way : { ...way, figures: [...way.figures, worse] };
}

function tablesAgainst(donor: Side, target: Side): Reason[] {
  const down = [donor, target].filter(({ report }) => !report.server?.ok);
  if (down.length > 0) {
    return down.map(({ host: { name } }) => ({
      host: name,
      text: `the server of ${name} does not answer`,
      advice: `reseed start ${name}`,
    }));
  }
  const [from, to] = [versionOf(donor), versionOf(target)];
  if (!from || !to || from.vendor === to.vendor) return [];
  return [{ host: target.host.name, text: `it is ${to.text}, and ${donor.host.name} is ${from.text}`, advice: '' }];
}

/** All refusals of the preflight; or that of the plan, which has further ones. */
function lookAt(wanted: SeedWanted, by: Author): Way {
  const { method, donor } = wanted;
  const { planned, checks = [] } = seedDraft(wanted, by);
  const refusals = checks.filter(({ level }) => level === 'refuse');
  const ofPlan = planned.ok ? [] : [{ host: donor.host.name, text: planned.message, advice: planned.advice }];
  return {
    method,
    against: refusals.length > 0 ? refusals : ofPlan,
    figures: planned.ok
      ? [...costsOf(wanted, by).map(({ text }) => text), ...(method.reserve ? [method.reserve] : [])]
      : [],
  };
}

export const isSame = (one: Reason, other: Reason) => one.host === other.host && one.text === other.text;
