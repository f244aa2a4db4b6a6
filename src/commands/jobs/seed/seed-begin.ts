// The work of `reseed seed`: asks the hosts and for an account, shows the plan, launches the job.
import { resolve } from 'node:path';
import { present } from '../../../host/known.ts';
import { jobHome } from '../../../job/journal/home.ts';
import { readOnlyRefusal } from '../../../job/plan/refusal.ts';
import { forgetAccount } from '../../../operations/jobs/account-file.ts';
import { author } from '../../../operations/jobs/job-store.ts';
import type { Author, Subject } from '../../../operations/plans/draft.ts';
import type { Refusal } from '../../../operations/result.ts';
import type { FurtherRequest } from '../../../operations/seed/known.ts';
import { givenTerms, methodsToTry, orderOf, termFlags, unusedTerms } from '../../../operations/seed/order.ts';
import { draftSeed, type SeedByName } from '../../../operations/seed/seed.ts';
import { endingOf } from '../../../seed/ending.ts';
import { coldCopy } from '../../../seed/methods/cold-copy/cold-copy.ts';
import { methodNamed } from '../../../seed/methods/methods.ts';
import { accountIn } from '../../../seed/replica/source/account.ts';
import type { ChosenChannel, Compression, SeedTerms } from '../../../seed/request.ts';
import { exitWith, printRefusal } from '../../answer.ts';
import { type Chosen, chooseHosts, type HostOptions } from '../../hosts/targets.ts';
import { refusedYes } from '../agree.ts';
import { type BeginOptions, begin } from '../begin.ts';
import { askFurther, askKnown } from './seed-hosts.ts';
import { namesTables, seedTables } from './tables-begin.ts';
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
  readonly injectEmpty?: boolean;
  readonly maxLag?: number;
  readonly follow?: 'donor' | 'source';
  readonly account?: string;
  readonly askAccount?: string | true;
  readonly standalone?: boolean;
  readonly asSet?: boolean;
  readonly writable?: boolean;
  readonly events?: boolean;
  /** All tables of these; `shop.orders`. */
  readonly databases?: readonly string[];
  readonly tables?: readonly string[];
  readonly replace?: boolean;
}

export async function seed(donor: string, targets: readonly string[], given: SeedOptions): Promise<void> {
  const self = selfRefusal(donor, targets);
  if (self) return refuse(self, given);
  if (namesTables(given)) return await seedTables(donor, targets, given, termsOf(given, undefined));
  await seedWhole(donor, targets, given);
}

async function seedWhole(donor: string, targets: readonly string[], given: SeedOptions): Promise<void> {
  const options: SeedOptions = given.stopped ? { ...given, method: given.method ?? coldCopy.name } : given;
  if (refusedYes(options, targets.join(','))) return;
  const senseless =
    replaceRefusal(options) ?? endingRefusal(targets, options) ?? methodRefusal(options) ?? accountRefusal(options);
  if (senseless) return refuse(senseless, options);
  const chosen = await chooseHosts([donor, ...targets], options);
  if (!chosen) return;
  const refusal = inventoryRefusal(chosen, { donor, targets }, options);
  if (refusal) return refuse(refusal, options);
  const known = await askKnown(chosen, { donor, targets }, requestedOf(chosen, options), options.json);
  if (!known) return;
  const by = author();
  const typed = options.askAccount === undefined ? undefined : jobHome(process.env).account(by.key);
  const launching = typed === undefined ? () => undefined : forgottenOnSignal(typed);
  try {
    if (typed !== undefined && !(await typedInto(typed, options))) return;
    const request: SeedByName = {
      donor,
      targets,
      ...present('method', options.method),
      ...present('snapshot', options.snapshot),
      terms: termsOf(options, typed),
    };
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
  const drafted = await askFurther(request, known, (asking) => draftSeed(request, by, asking));
  if (!drafted) return false;
  if (drafted.ok) return await begin(drafted.value, options, launching);
  refuse(drafted.refusal, options);
  return false;
}

function refuse(refusal: Refusal, { json }: SeedOptions): void {
  exitWith(printRefusal(json, refusal));
}

/** The part of the request that decides which hosts are asked. */
function requestedOf({ hosts }: Chosen, options: SeedOptions): FurtherRequest {
  const { follow, method, account, askAccount } = options;
  const { ends } = termsOf(options, undefined);
  const names = method === undefined ? hosts.flatMap(orderOf) : [method];
  return {
    method: { donorRuns: names.every((name) => methodNamed(name).donorRuns) },
    ...present('ends', ends),
    ...present('follow', follow),
    ...present('accountFile', account ?? (askAccount === undefined ? undefined : 'asked for')),
  };
}

function replaceRefusal({ replace }: SeedOptions): Refusal | undefined {
  if (!replace) return undefined;
  const message = '--replace is for --databases and --tables: nothing was done';
  return { kind: 'usage', message, advice: "a seed of the whole server replaces all of the target's data" };
}

function selfRefusal(donor: string, targets: readonly string[]): Refusal | undefined {
  if (!targets.includes(donor)) return undefined;
  const message = `${donor} is donor and target: nothing was done`;
  return { kind: 'usage', message, advice: 'name another donor, or other targets' };
}

/** What the end makes no use of would be left out without a word. */
function endingRefusal(targets: readonly string[], options: SeedOptions): Refusal | undefined {
  const terms = termsOf(options, options.askAccount === undefined ? undefined : 'asked for');
  const { minTargets, unused } = endingOf(terms);
  if (targets.length < minTargets) {
    const message = `--as-set needs ${minTargets} targets at least: the first becomes the primary of the others`;
    return { kind: 'usage', message: `${message}: nothing was done`, advice: 'for one host: --standalone' };
  }
  const [useless] = givenTerms(unused, terms).map((term) => termFlags[term]);
  if (useless === undefined) return undefined;
  if (terms.ends === undefined) {
    const message = `${useless} is for --standalone and --as-set: nothing was done`;
    return { kind: 'usage', message, advice: 'a replica takes no writes, and its events are those of its source' };
  }
  const flag = terms.ends === 'set' ? '--as-set' : '--standalone';
  return {
    kind: 'usage',
    message: `${flag} can not be used with ${useless}: nothing was done`,
    advice: 'leave out one of the two',
  };
}

/** What the method makes no use of would be left out without a word. */
function methodRefusal(options: SeedOptions): Refusal | undefined {
  const { method, snapshot, stopped } = options;
  if (method === undefined) return undefined;
  const wanted = { ...present('snapshot', snapshot), terms: termsOf(options, undefined) };
  const [useless] = [
    ...unusedTerms(methodNamed(method), wanted).map((term) => termFlags[term]),
    ...(stopped && method !== coldCopy.name ? ['--stopped'] : []),
  ];
  if (useless === undefined) return undefined;
  const message = `--method ${method} can not be used with ${useless}: nothing was done`;
  return { kind: 'usage', message, advice: 'leave out one of the two' };
}

/** Refuses a named file that has no account. */
function accountRefusal({ account }: SeedOptions): Refusal | undefined {
  const read = account === undefined ? undefined : accountIn(resolve(account));
  if (read === undefined || read.ok) return undefined;
  return { kind: 'usage', message: `${read.message}: nothing was done`, advice: read.advice };
}

/** What the inventory alone refuses: no host need be asked. */
function inventoryRefusal(
  chosen: Chosen,
  { donor, targets }: Pick<SeedByName, 'donor' | 'targets'>,
  options: SeedOptions,
): Refusal | undefined {
  const readOnly = readOnlyOf(chosen, donor, options);
  if (readOnly) return readOnly;
  const order = methodsToTry(
    {
      ...present('method', options.method),
      ...present('snapshot', options.snapshot),
      terms: termsOf(options, options.askAccount === undefined ? undefined : 'asked for'),
    },
    targets.flatMap((target) => chosen.hosts.find(({ name }) => name === target) ?? []),
  );
  return order.ok ? undefined : order.refusal;
}

/** Nothing happens on the donor of a method that does not copy. */
function readOnlyOf({ hosts }: Chosen, donor: string, { method }: SeedOptions): Refusal | undefined {
  const changed = hosts.filter(({ name }) => name !== donor || method === undefined || methodNamed(method).copies);
  const read = changed.map(readOnlyRefusal).find((one) => one !== undefined);
  return read && { kind: 'refused', message: read.message, advice: read.advice };
}

/** `accountFile`: of an account that was typed. */
export function termsOf(options: SeedOptions, accountFile: string | undefined): SeedTerms {
  const { keepSnapshot, channel, compression, streams, limit, follow, account, clear, maxLag, injectEmpty } = options;
  return {
    keepSnapshot: keepSnapshot ?? false,
    ...present('channel', channel),
    compression,
    ...present('streams', streams),
    ...present('bandwidthBytesPerSecond', limit),
    ...present('follow', follow),
    ...present('accountFile', accountFile ?? (account === undefined ? undefined : resolve(account))),
    clear: clear ?? false,
    ...present('injectEmpty', injectEmpty),
    ...present('maxLagSeconds', maxLag),
    ...(options.asSet ? { ends: 'set' } : options.standalone ? { ends: 'standalone' } : {}),
    ...(options.writable && { writable: true }),
    ...(options.events && { events: true }),
  };
}
