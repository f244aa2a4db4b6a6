// The work of `reseed seed`: asks the hosts and for an account, shows the plan, launches the job.
import { resolve } from 'node:path';
import { present } from '../../../host/known.ts';
import type { Inventory } from '../../../inventory/settings.ts';
import { jobHome } from '../../../job/journal/home.ts';
import { readOnlyRefusal } from '../../../job/plan/refusal.ts';
import type { Asked } from '../../../operations/hosts/ask.ts';
import { targetOf } from '../../../operations/hosts/target-of.ts';
import { forgetAccount } from '../../../operations/jobs/account-file.ts';
import { author, pastJobs } from '../../../operations/jobs/job-store.ts';
import type { Author, Draft, Subject } from '../../../operations/plans/draft.ts';
import type { Refusal, Result } from '../../../operations/result.ts';
import { furtherHosts } from '../../../operations/seed/known.ts';
import { draftSeed, type SeedByName } from '../../../operations/seed/seed.ts';
import { openRemotes } from '../../../remote/open.ts';
import { coldCopy } from '../../../seed/methods/cold-copy/cold-copy.ts';
import type { Term } from '../../../seed/methods/method.ts';
import { methodNamed } from '../../../seed/methods/methods.ts';
import { accountIn } from '../../../seed/replica/source/account.ts';
import type { ChosenChannel, Compression, SeedTerms } from '../../../seed/request.ts';
import { exitCodes, exitWith, printRefusal } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import { type Chosen, chooseHosts, type HostOptions } from '../../hosts/targets.ts';
import { someOf, waitingFor, waitingLine } from '../../hosts/waiting-line.ts';
import { refusedYes } from '../agree.ts';
import { listenTo, sayAway } from '../ask.ts';
import { type BeginOptions, begin } from '../begin.ts';
import { forgottenOnSignal, typedInto } from './typed-account.ts';

export interface SeedOptions extends HostOptions, BeginOptions {
  readonly snapshot?: string;
  readonly stopped?: boolean;
  /** The name of one of `methods`. */
  readonly method?: string;
  readonly keepSnapshot?: boolean;
  readonly channel?: ChosenChannel;
  readonly compression: Compression;
  readonly streams?: number;
  readonly limit?: number;
  readonly clear?: boolean;
  readonly maxLag?: number;
  readonly follow?: 'donor' | 'source';
  readonly account?: string;
  readonly askAccount?: string | true;
}

export async function seed(donor: string, targets: readonly string[], given: SeedOptions): Promise<void> {
  const options: SeedOptions = given.stopped ? { ...given, method: given.method ?? coldCopy.name } : given;
  if (refusedYes(options, targets.join(','))) return;
  const senseless = selfRefusal(donor, targets) ?? methodRefusal(options) ?? accountRefusal(options);
  if (senseless) return refuse(senseless, options);
  const chosen = await chooseHosts([donor, ...targets], options);
  if (!chosen) return;
  const readOnly = readOnlyOf(chosen);
  if (readOnly) return refuse(readOnly, options);
  const known = await askKnown(chosen, { donor, targets }, options);
  if (!known) return;
  const by = author();
  const typed = options.askAccount === undefined ? undefined : jobHome(process.env).account(by.key);
  const launching = typed === undefined ? () => undefined : forgottenOnSignal(typed);
  try {
    if (typed !== undefined && !(await typedInto(typed, options))) return;
    const request = requestOf(donor, targets, options, typed);
    const isBegun = await beginSeed(request, by, { known, launching }, options);
    if (!isBegun && typed !== undefined) forgetAccount(typed);
  } finally {
    launching();
  }
}

/** True: the job was recorded. */
async function beginSeed(
  request: SeedByName,
  by: Author,
  { known, launching }: { readonly known: readonly Subject[]; readonly launching: () => void },
  options: SeedOptions,
): Promise<boolean> {
  const drafted = await draftHere(request, by, known);
  if (!drafted) return false;
  if (drafted.ok) return await begin(drafted.value, options, launching);
  refuse(drafted.refusal, options);
  return false;
}

function refuse(refusal: Refusal, { json }: SeedOptions): void {
  exitWith(printRefusal(json, refusal));
}

/** How long a plan waits for a host that has no part in it. */
const briefMs = 5000;

/** The hosts that the seed is planned from; undefined: the reason why there are none was printed. */
async function askKnown(
  { inventory }: Chosen,
  named: { readonly donor: string; readonly targets: readonly string[] },
  options: SeedOptions,
): Promise<readonly Subject[] | undefined> {
  const first = await listenTo(only(inventory, [named.donor, ...named.targets]));
  if (first.code !== exitCodes.done || sayAway(first.away, options.json)) {
    exitWith(first.code === exitCodes.done ? exitCodes.unreachable : first.code);
    return undefined;
  }
  const { needed, brief } = furtherHosts(inventory.hosts, first.asked, named, requestedOf(options));
  const ask = async (names: readonly string[], deadlineMs?: number) =>
    names.length === 0 ? nothingHeard : await listenTo(only(inventory, names), deadlineMs);
  const further = await Promise.all([ask(needed), ask(brief, briefMs)]);
  const ended = further.find(({ code }) => code !== exitCodes.done);
  if (ended) {
    exitWith(ended.code);
    return undefined;
  }
  const heard: readonly Asked[] = [...first.asked, ...further.flatMap(({ asked }) => asked)];
  const unheard = inventory.hosts
    .filter(({ name }) => brief.includes(name) && !heard.some(({ host }) => host.name === name))
    .map((host) => {
      const away = further.flatMap((some) => some.away).find(({ host: name }) => name === host.name)?.message;
      return { host, report: {}, inventory, target: targetOf(host, inventory), ...present('away', away) };
    });
  return [...heard, ...unheard];
}

const only = (inventory: Inventory, names: readonly string[]): Chosen => ({
  inventory,
  hosts: inventory.hosts.filter(({ name }) => names.includes(name)),
});

const nothingHeard = { asked: [], away: [], code: exitCodes.done } as const;

/** The part of the request that decides which hosts are asked. */
const requestedOf = ({ follow, method, account, askAccount }: SeedOptions) => ({
  method: methodNamed(method),
  ...present('follow', follow),
  ...present('accountFile', account ?? (askAccount === undefined ? undefined : 'asked for')),
});

function selfRefusal(donor: string, targets: readonly string[]): Refusal | undefined {
  if (!targets.includes(donor)) return undefined;
  const message = `${donor} is donor and target: nothing was done`;
  return { kind: 'usage', message, advice: 'name another donor, or other targets' };
}

/** What the method makes no use of would be left out without a word. */
function methodRefusal({ method, ...options }: SeedOptions): Refusal | undefined {
  if (method === undefined) return undefined;
  const { unused } = methodNamed(method);
  const asStopped = options.stopped && method !== coldCopy.name ? ['--stopped'] : [];
  const [useless] = [
    ...termFlags.flatMap(([term, flag, isGiven]) => (unused.includes(term) && isGiven(options) ? [flag] : [])),
    ...asStopped,
  ];
  if (useless === undefined) return undefined;
  const message = `--method ${method} has no use for ${useless}: nothing was done`;
  return { kind: 'usage', message, advice: 'leave out one of the two' };
}

const termFlags: readonly (readonly [Term, flag: string, isGiven: (options: SeedOptions) => boolean])[] = [
  ['snapshot', '--snapshot', ({ snapshot }) => snapshot !== undefined],
  ['keepSnapshot', '--keep-snapshot', ({ keepSnapshot }) => keepSnapshot === true],
  ['channel', '--channel', ({ channel }) => channel !== undefined],
  ['compression', '--compression', ({ compression }) => compression !== 'auto'],
  ['streams', '--streams', ({ streams }) => streams !== undefined],
  ['bandwidthBytesPerSecond', '--limit', ({ limit }) => limit !== undefined],
  ['clear', '--clear', ({ clear }) => clear === true],
  ['maxLagSeconds', '--max-lag', ({ maxLag }) => maxLag !== undefined],
];

/** Refuses a named file that has no account. */
function accountRefusal({ account }: SeedOptions): Refusal | undefined {
  const read = account === undefined ? undefined : accountIn(resolve(account));
  if (read === undefined || read.ok) return undefined;
  return { kind: 'usage', message: `${read.message}: nothing was done`, advice: read.advice };
}

function readOnlyOf({ hosts }: Chosen): Refusal | undefined {
  const read = hosts.map(readOnlyRefusal).find((one) => one !== undefined);
  return read && { kind: 'refused', message: read.message, advice: read.advice };
}

/** Shows signs of life on the terminal. undefined: a signal ended it, and the exit code is set. */
async function draftHere(
  request: SeedByName,
  by: Author,
  known: readonly Subject[],
): Promise<Result<Draft> | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let drafted: Result<Draft> | undefined;
  const code = await untilSignalled(async (signal) => {
    const named = [request.donor, ...request.targets];
    let waiting = waitingLine(`asking ${someOf(named)} what a seed has to know`, true);
    drafted = await draftSeed(request, by, {
      known,
      signal,
      past: pastJobs(),
      open: (target) => remotes.open(target),
      onWaiting: (what, left) => {
        if (what === 'sides') return waiting.show(waitingFor(left));
        waiting.clear();
        waiting = waitingLine('asking the sources whether they still have what the targets need', true);
      },
    });
    waiting.clear();
    return exitCodes.done;
  });
  await remotes.close();
  if (code === exitCodes.done) return drafted;
  exitWith(code);
  return undefined;
}

function requestOf(
  donor: string,
  targets: readonly string[],
  options: SeedOptions,
  accountFile: string | undefined,
): SeedByName {
  const { method, snapshot, keepSnapshot, channel, compression, streams, limit, follow, account, clear, maxLag } =
    options;
  const terms: SeedTerms = {
    keepSnapshot: keepSnapshot ?? false,
    ...present('channel', channel),
    compression,
    ...present('streams', streams),
    ...present('bandwidthBytesPerSecond', limit),
    ...present('follow', follow),
    ...present('accountFile', accountFile ?? (account === undefined ? undefined : resolve(account))),
    clear: clear ?? false,
    ...present('maxLagSeconds', maxLag),
  };
  return {
    donor,
    targets,
    ...present('method', method),
    ...present('snapshot', snapshot),
    terms,
  };
}
