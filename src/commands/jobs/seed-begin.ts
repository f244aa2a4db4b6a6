// What `reseed seed` does with the words it was given: the hosts asked, the account typed, the plan shown and launched.
import { resolve } from 'node:path';
import type { LogicalVolume } from '../../host/facts.ts';
import { present } from '../../host/known.ts';
import type { Host } from '../../inventory/settings.ts';
import { jobHome } from '../../job/home.ts';
import { readOnlyRefusal } from '../../job/refusal.ts';
import { openRemotes } from '../../remote/open.ts';
import type { RemoteTarget } from '../../remote/remote.ts';
import { accountIn } from '../../seed/attach/account.ts';
import type { AskedSources } from '../../seed/source-checks.ts';
import type { ChosenChannel, Compression, Side } from '../../seed/wish.ts';
import { about } from '../../text/about.ts';
import { exitCodes, printFailure } from '../answer.ts';
import { untilSignalled } from '../hosts/signals.ts';
import { chooseHosts, type HostOptions, targetOf } from '../hosts/targets.ts';
import { someOf, waitingFor, waitingLine } from '../hosts/waiting-line.ts';
import { refusedYes } from './agree.ts';
import { type Asked, askHosts } from './ask.ts';
import { forgetAccount } from './ask-account.ts';
import { type BeginOptions, begin } from './begin.ts';
import { author, pastJobs } from './desk.ts';
import type { Author } from './draft.ts';
import { type SeedTerms, type SeedWanted, seedDraft, snapshotOf, wishOf } from './seed-draft.ts';
import { furtherHosts } from './seed-known.ts';
import { askSides } from './seed-sides.ts';
import { askSources } from './seed-sources.ts';
import { typedInto } from './typed-account.ts';

export interface SeedOptions extends HostOptions, BeginOptions {
  readonly snapshot?: string;
  readonly stopped?: boolean;
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

export async function seed(donorName: string, targetNames: readonly string[], options: SeedOptions): Promise<void> {
  if (refusedYes(options, targetNames.join(',')) || isOwnTarget(donorName, targetNames, options)) return;
  if (hasNoAccount(options)) return;
  const chosen = await chooseHosts([donorName, ...targetNames], options);
  if (!chosen || isReadOnly(chosen.hosts, options)) return;
  const names = [donorName, ...targetNames];
  const asked = await askKnown(chosen.inventory.hosts, { donor: donorName, targets: targetNames }, options);
  if (!asked) return;
  const named = names.map((name) => asked.find(({ host }) => host.name === name));
  const there = named.filter((one) => one !== undefined);
  // Which of them does not answer was said.
  if (there.length < named.length) return;
  const [donor, ...targets] = (await sidesOf(there, options)) ?? [];
  if (!donor) return;
  const snapshot = options.snapshot === undefined ? undefined : chosenSnapshot(donor, options.snapshot, options.json);
  if (options.snapshot !== undefined && !snapshot) return;
  await beginWith({ donor, targets, snapshot, known: asked }, options);
}

/** How long a plan waits for a host that has no part in it. */
const briefMs = 5000;

/** Those that the seed is planned from; undefined: it was said why there is nothing to go on with. */
async function askKnown(
  hosts: readonly Host[],
  named: { readonly donor: string; readonly targets: readonly string[] },
  options: SeedOptions,
): Promise<readonly Asked[] | undefined> {
  const asked = await askHosts([named.donor, ...named.targets], options);
  const [first] = asked ?? [];
  // Which of them does not answer was said.
  if (!asked || !first || asked.length <= named.targets.length) return asked;
  const code = process.exitCode;
  const { needed, brief } = furtherHosts(hosts, asked, named, wishedOf(options));
  const ask = async (names: readonly string[], deadlineMs?: number) =>
    names.length === 0 ? [] : await askHosts(names, options, { parts: [], ...present('deadlineMs', deadlineMs) });
  const [more, briefly] = await Promise.all([ask(needed), ask(brief, briefMs)]);
  if (!more || !briefly) return undefined;
  process.exitCode = code;
  const { inventory } = first;
  const unheard = hosts
    .filter(({ name }) => brief.includes(name) && !briefly.some(({ host }) => host.name === name))
    .map((host) => ({ host, report: {}, inventory, target: targetOf(host, inventory) }));
  return [...asked, ...more, ...briefly, ...unheard];
}

/** As far as it says who has to be asked. */
const wishedOf = ({ follow, stopped, account, askAccount }: SeedOptions) => ({
  ...present('follow', follow),
  ...present('stopped', stopped),
  ...present('accountFile', account ?? (askAccount === undefined ? undefined : 'asked for')),
});

type SeedSides = Pick<Parameters<typeof seedDraft>[0], 'donor' | 'targets' | 'snapshot' | 'known'>;

async function beginWith(sides: SeedSides, options: SeedOptions): Promise<void> {
  const by = author();
  const typed = options.askAccount === undefined ? undefined : jobHome(process.env).account(by.key);
  if (typed !== undefined && !(await typedInto(typed, options))) return;
  const terms = { ...termsOf(options), ...(typed !== undefined && { accountFile: typed }) };
  const wanted = { ...sides, stopped: options.stopped, terms, past: pastJobs() };
  const sources = await sourcesOf(wanted, by);
  const draft = sources && seedDraft({ ...wanted, asked: sources }, by);
  if (!(draft && (await begin(draft, options))) && typed !== undefined) forgetAccount(typed);
}

/** True: it was said, and the exit code is set. */
function isOwnTarget(donor: string, targets: readonly string[], { json }: SeedOptions): boolean {
  if (!targets.includes(donor)) return false;
  process.exitCode = exitCodes.usage;
  const message = `${donor} is donor and target: nothing was done`;
  printFailure(json, { error: 'usage', message, advice: 'name another donor, or other targets' });
  return true;
}

/** True: the file that was named has no account; it was said, before any host is asked, and the exit code is set. */
function hasNoAccount({ account, json }: SeedOptions): boolean {
  const read = account === undefined ? undefined : accountIn(resolve(account));
  if (read === undefined || read.ok) return false;
  process.exitCode = exitCodes.usage;
  printFailure(json, { error: 'usage', message: `${read.message}: nothing was done`, advice: read.advice });
  return true;
}

/** True: it was said, before any host is asked, and the exit code is set. */
function isReadOnly(hosts: readonly Host[], { json }: SeedOptions): boolean {
  const refused = hosts.map(readOnlyRefusal).find((one) => one !== undefined);
  if (!refused) return false;
  process.exitCode = exitCodes.refused;
  printFailure(json, { error: 'refused', message: refused.message, advice: refused.advice });
  return true;
}

/** In the order given. undefined: it was said which host does not answer, and the exit code is set. */
async function sidesOf(asked: readonly Asked[], { channel }: SeedOptions): Promise<readonly Side[] | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let sides: readonly Side[] = [];
  process.exitCode = await untilSignalled(async (signal) => {
    const waiting = waitingLine(`asking ${someOf(asked.map(({ host }) => host.name))} what a seed has to know`, true);
    const open = (target: RemoteTarget) => remotes.open(target);
    const onLeft = (left: readonly string[]) => waiting.show(waitingFor(left));
    const answers = await askSides(asked, { open, signal, onLeft, ...(channel && { channel }) });
    waiting.clear();
    sides = answers.flatMap((answer) => (answer.ok ? answer.side : []));
    for (const answer of answers) {
      if (!answer.ok) process.stderr.write(`reseed: ${about(answer.host, answer.why)}\n`);
    }
    return sides.length === asked.length ? exitCodes.done : exitCodes.unreachable;
  });
  await remotes.close();
  return sides.length === asked.length ? sides : undefined;
}

/** undefined: a signal ended it, and the exit code is set. */
async function sourcesOf(wanted: SeedWanted, by: Author): Promise<AskedSources | undefined> {
  const remotes = openRemotes({ environment: process.env });
  let told: AskedSources | undefined;
  const code = await untilSignalled(async (signal) => {
    const open = (target: RemoteTarget) => remotes.open(target);
    const waiting = waitingLine('asking the sources whether they still have what the targets need', true);
    told = await askSources(wishOf(wanted, by), { known: wanted.known, open, signal });
    waiting.clear();
    return exitCodes.done;
  });
  await remotes.close();
  if (code === exitCodes.done) return told;
  process.exitCode = code;
  return undefined;
}

/** undefined: there is no such snapshot; that was said, and the exit code is set. */
function chosenSnapshot(donor: Side, name: string, json: boolean | undefined): LogicalVolume | undefined {
  const snapshot = snapshotOf(donor, name);
  if (snapshot) return snapshot;
  process.exitCode = exitCodes.usage;
  const message = `${donor.host.name} has no snapshot ${name}`;
  printFailure(json, { error: 'usage', message, advice: `reseed snapshot list ${donor.host.name}` });
  return undefined;
}

function termsOf(options: SeedOptions): SeedTerms {
  const { keepSnapshot, channel, compression, streams, limit, follow, account, clear, maxLag } = options;
  return {
    keepSnapshot: keepSnapshot ?? false,
    ...(channel && { channel }),
    compression,
    ...(streams !== undefined && { streams }),
    ...(limit !== undefined && { bandwidthBytesPerSecond: limit }),
    ...(follow && { follow }),
    ...(account !== undefined && { accountFile: resolve(account) }),
    clear: clear ?? false,
    ...(maxLag !== undefined && { maxLagSeconds: maxLag }),
  };
}
