// The plan of a seed for the console, loaded when somebody first asks for one: of what the hosts said last, and of what donor and
// targets say now.
import { targetOf } from './commands/hosts/targets.ts';
import { author } from './commands/jobs/desk.ts';
import type { Draft, Subject } from './commands/jobs/draft.ts';
import type { Past } from './commands/jobs/past.ts';
import { previewOf, type StepPreview } from './commands/jobs/preview.ts';
import { type SeedTerms, seedDraft, snapshotOf, wishOf } from './commands/jobs/seed-draft.ts';
import { askSides } from './commands/jobs/seed-sides.ts';
import { askSources } from './commands/jobs/seed-sources.ts';
import { type FleetPicture, type HostPicture, silenceOf } from './fleet/picture.ts';
import type { Inventory } from './inventory/settings.ts';
import { type Planned, refusal } from './job/refusal.ts';
import type { Remote, RemoteTarget } from './remote/remote.ts';
import { accountIn } from './seed/attach/account.ts';

/** What the operator chose, by the names of hosts. */
export interface SeedChoice {
  readonly donor: string;
  readonly targets: readonly string[];
  /** Its uuid; absent: a new one is taken. */
  readonly snapshot?: string;
  /** The donor's server is down, and its files are copied as they lie there. */
  readonly stopped?: true;
  readonly terms: SeedTerms;
}

interface Asking {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
  readonly open: (target: RemoteTarget) => Remote;
  readonly signal: AbortSignal;
  /** What the journal has. */
  readonly past: Past;
}

/** Takes as long as the slowest of them; aborted, what comes back is of no use. */
export async function draftSeed(
  { donor: donorName, targets: targetNames, snapshot: uuid, stopped, terms }: SeedChoice,
  { inventory, picture, open, signal, past }: Asking,
): Promise<Draft & { readonly steps: readonly StepPreview[] }> {
  const by = author();
  const refused = (planned: Planned) => ({
    planned,
    key: by.key,
    who: by.who,
    targets: [],
    impact: [],
    name: targetNames.join(','),
    steps: [],
  });
  const account = terms.accountFile === undefined ? undefined : accountIn(terms.accountFile);
  if (account && !account.ok) return refused(refusal(account.message, account.advice));
  const known = picture.hosts.map((host) => subjectOf(host, inventory));
  const named = [donorName, ...targetNames].map((name) => subjectNamed(known, name));
  const [silent] = named.flatMap(({ host }) => {
    const silence = picture.hosts.flatMap((one) => (one.host === host ? [silenceOf(one.link)] : []))[0];
    return silence === undefined ? [] : [`${host.name} ${silence}`];
  });
  if (silent !== undefined) {
    return refused(refusal(`${silent}: what is known of it may be old`, 'try it again when it does'));
  }
  const asked = await askSides(named, { open, signal, ...(terms.channel && { channel: terms.channel }) });
  const failed = asked.filter((one) => !one.ok);
  if (failed.length > 0) {
    return refused(refusal(failed.map(({ host, why }) => `${host}: ${why}`).join('; '), ''));
  }
  const [donor, ...targets] = asked.flatMap((one) => (one.ok ? one.side : []));
  if (!donor) throw new Error('a seed without a donor');
  const snapshot = uuid === undefined ? undefined : snapshotOf(donor, uuid);
  if (uuid !== undefined && !snapshot) {
    return refused(refusal(`the snapshot of ${donorName} is not there any more`, 'choose another'));
  }
  const wanted = { donor, targets, snapshot, stopped, terms, known, past };
  const sources = await askSources(wishOf(wanted, by), { known, open, signal });
  const draft = seedDraft({ ...wanted, asked: sources }, by);
  return { ...draft, steps: draft.planned.ok ? previewOf(draft.planned.plan) : [] };
}

/** Of one that does not answer only who it was is of use: nobody is to be sent there for an account. */
function subjectOf(picture: HostPicture, inventory: Inventory): Subject {
  const { host, report } = picture;
  const { server } = report;
  const identity = server ? { server } : {};
  return { host, report: silenceOf(picture.link) === undefined ? report : identity, target: targetOf(host, inventory) };
}

function subjectNamed(known: readonly Subject[], name: string): Subject {
  const found = known.find(({ host }) => host.name === name);
  if (!found) throw new Error(`the inventory has no host ${name}`);
  return found;
}
