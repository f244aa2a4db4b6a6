// Plans what a schedule does, from what its hosts answer at that hour.
import { present } from '../../host/known.ts';
import type { Host, Inventory, ScheduledAct, ScheduledSeed } from '../../inventory/settings.ts';
import { openRemotes } from '../../remote/open.ts';
import { endingOf } from '../../seed/ending.ts';
import { methodNamed } from '../../seed/methods/methods.ts';
import type { SeedTerms } from '../../seed/request.ts';
import { type Asked, askTheseHosts } from '../hosts/ask.ts';
import { pastJobs } from '../jobs/job-store.ts';
import { type Author, type Draft, draftOf, type JobRequest } from '../plans/draft.ts';
import { proofDraft } from '../proofs/draft.ts';
import { rowsDraft } from '../proofs/rows-draft.ts';
import { askSource } from '../proofs/source-of.ts';
import { given, type Result, refused } from '../result.ts';
import { askForSeed } from '../seed/ask-known.ts';
import { givenTerms, orderOf, unusedTerms } from '../seed/order.ts';
import { draftSeed, type SeedByName } from '../seed/seed.ts';
import { readOnlyOf } from './read-only.ts';
import type { RunToPlan } from './ticking.ts';

const maxMs = 30_000;

/** `ok` also with a draft whose plan is refused. Nothing happens on any host. */
export async function planRun(
  inventory: Inventory,
  { schedule, hosts }: RunToPlan,
  by: Author,
  signal: AbortSignal,
): Promise<Result<Draft>> {
  const { act } = schedule;
  const readOnly = readOnlyOf(inventory, hosts);
  if (readOnly) return refused({ kind: 'refused', ...readOnly });
  if (act.do === 'seed') return await planSeedRun(inventory, act, hosts, by, signal);
  const wanted = act.do === 'proof' && act.on !== undefined ? [...hosts, act.on] : hosts;
  const chosen = inventory.hosts.filter(({ name }) => wanted.includes(name));
  const barest = chosen.find((host) => leavesNone(act, host));
  if (barest) {
    const message = `keep: 0 would leave no snapshot of ${barest.name}, and no schedule does that`;
    return refused({ kind: 'refused', message, advice: 'write a number of 1 or more' });
  }
  const { asked, away } = await askTheseHosts(inventory, chosen, {
    deadlineMs: maxMs,
    signal,
    onHeard: () => undefined,
  });
  const one = asked.find(({ host }) => hosts.includes(host.name));
  const [first, ...further] = away;
  if (first) return refused({ ...first, further });
  if (!one) return notAsked(hosts);
  if (act.do === 'proof') {
    const on = asked.find(({ host }) => host.name === act.on);
    if (act.on !== undefined && !on) return notAsked([act.on]);
    return await planProofRun(act, { host: one, ...present('on', on) }, by, signal);
  }
  if (act.do === 'rows') {
    const source = await askSource(one, undefined, { deadlineMs: maxMs, signal });
    return given(rowsDraft({ replica: one, ...present('source', source) }, {}, by, pastJobs()));
  }
  return given(draftOf(requestOf(act), one, by, pastJobs()));
}

/** Absent periods leave nothing; of `daily: 0` the newest stays. */
function leavesNone(act: ScheduledAct, { snapshot }: Host): boolean {
  if (act.do !== 'prune' || act.youngerThanMs !== undefined) return false;
  const keep = act.keep ?? snapshot.keep;
  return keep !== undefined && keep.last === 0 && Object.keys(keep).length === 1;
}

const notAsked = (hosts: readonly string[]) =>
  refused({ kind: 'unreachable', message: `${hosts.join(', ')} did not answer`, advice: '' });

async function planProofRun(
  { check, withinMs }: ScheduledProof,
  subjects: { readonly host: Asked; readonly on?: Asked },
  by: Author,
  signal: AbortSignal,
): Promise<Result<Draft>> {
  const remotes = openRemotes({ environment: process.env });
  try {
    const open = (target: Parameters<typeof remotes.open>[0]) => remotes.open(target);
    const wanted = { ...present('check', check), ...present('limitMs', withinMs) };
    return await proofDraft(wanted, subjects, by, { open, signal, past: pastJobs() });
  } finally {
    await remotes.close();
  }
}

type ScheduledProof = Extract<ScheduledAct, { do: 'proof' }>;

function requestOf(act: Exclude<ScheduledAct, ScheduledSeed | ScheduledProof | { do: 'rows' }>): JobRequest {
  if (act.do === 'snapshot') return { verb: 'snapshot' };
  if (act.do === 'command') return { verb: 'run', command: act.command };
  const { keep, youngerThanMs } = act;
  if (keep !== undefined) return { verb: 'prune', rule: { keep } };
  return youngerThanMs === undefined ? { verb: 'prune' } : { verb: 'prune', rule: { youngerThanMs } };
}

async function planSeedRun(
  inventory: Inventory,
  act: ScheduledSeed,
  targets: readonly string[],
  by: Author,
  signal: AbortSignal,
): Promise<Result<Draft>> {
  const { donor, method } = act;
  const terms = termsOf(act);
  const useless = uselessTerm(act, terms);
  if (useless !== undefined) {
    const message = `${method === undefined ? 'such a seed' : `method: ${method}`} makes no use of ${useless}`;
    return refused({ kind: 'usage', message, advice: 'leave out one of the two in the inventory' });
  }
  const methods =
    method === undefined
      ? inventory.hosts.filter(({ name }) => [donor, ...targets].includes(name)).flatMap(orderOf)
      : [method];
  const further = {
    method: { donorRuns: methods.every((name) => methodNamed(name).donorRuns) },
    ...present('ends', terms.ends),
    ...present('accountFile', terms.accountFile),
  };
  const answered = await askForSeed(inventory, { donor, targets }, further, (hosts, deadlineMs = maxMs) =>
    askTheseHosts(inventory, hosts, { deadlineMs, signal, onHeard: () => undefined }),
  );
  const [first, ...others] = answered?.away ?? [];
  if (first) return refused({ ...first, further: others });
  if (!answered) return notAsked([donor, ...targets]);
  const request: SeedByName = { donor, targets, ...present('method', method), terms };
  const remotes = openRemotes({ environment: process.env });
  try {
    const open = (target: Parameters<typeof remotes.open>[0]) => remotes.open(target);
    return await draftSeed(request, by, { known: answered.known, open, signal, past: pastJobs() });
  } finally {
    await remotes.close();
  }
}

/** As the options of `reseed seed` would have them. */
export const termsOf = ({
  ends,
  writable,
  events,
  account,
  clear = false,
  bandwidthBytesPerSecond,
}: ScheduledSeed): SeedTerms => ({
  keepSnapshot: false,
  compression: 'auto',
  clear,
  ...present('ends', ends),
  ...(writable && { writable: true }),
  ...(events && { events: true }),
  ...present('accountFile', account),
  ...present('bandwidthBytesPerSecond', bandwidthBytesPerSecond),
});

/** What the method, or the end, would leave out without a word. */
function uselessTerm({ method }: ScheduledSeed, terms: SeedTerms): string | undefined {
  const [byEnd] = givenTerms(endingOf(terms).unused, terms);
  return byEnd ?? (method === undefined ? undefined : unusedTerms(methodNamed(method), { terms })[0]);
}
