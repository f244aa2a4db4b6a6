// A salvage for the console: for a host, the one of its cluster that has the most that it lacks.
import { type FleetPicture, type HostPicture, silenceOf } from '../fleet/picture.ts';
import type { Inventory } from '../inventory/settings.ts';
import { refusal } from '../job/plan/refusal.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { author } from '../operations/jobs/job-store.ts';
import { refusalText } from '../operations/result.ts';
import { salvageDraft } from '../operations/salvage/draft.ts';
import type { Asking } from '../operations/seed/ask-host.ts';
import { lackedBy } from '../salvage/ahead.ts';
import { refusedDraft, type ShownDraft, shownDraft } from './shown-draft.ts';

interface Asked extends Pick<Asking, 'open' | 'signal'> {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
}

/** Takes as long as the logs take to be read. */
export async function draftSalvageOf(name: string, { inventory, picture, ...asking }: Asked): Promise<ShownDraft> {
  const by = author();
  const refused = (message: string, advice: string) => refusedDraft(refusal(message, advice), name, by);
  const target = picture.hosts.find(({ host }) => host.name === name);
  const [best] = target ? aheadOf(target, picture.hosts) : [];
  if (!target || !best) {
    return refused(
      `no host of its cluster that answers told of transactions that ${name} lacks`,
      `any other host: reseed salvage HOST ${name}`,
    );
  }
  const subject = ({ host, report }: HostPicture) => ({ host, report, target: targetOf(host, inventory) });
  const [from, to] = [subject(best), subject(target)];
  const drafted = await salvageDraft({ from, to }, by, { ...asking, known: [from, to] });
  if (!drafted.ok) return refused(refusalText(drafted.refusal), drafted.refusal.advice);
  return shownDraft(drafted.value);
}

/** The host with the most first. */
function aheadOf(target: HostPicture, hosts: readonly HostPicture[]): HostPicture[] {
  return hosts
    .filter(({ host }) => host.cluster !== undefined && host.cluster === target.host.cluster && host !== target.host)
    .filter(({ link }) => !silenceOf(link))
    .map((one) => ({ one, lacked: lackedBy(target.report, one.report) }))
    .filter(({ lacked }) => lacked > 0)
    .toSorted((a, b) => b.lacked - a.lacked)
    .map(({ one }) => one);
}
