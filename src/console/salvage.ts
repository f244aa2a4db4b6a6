// A salvage for the console: for a host, the one of its cluster that has the most that it lacks.
import { type FleetPicture, type HostPicture, silenceOf } from '../fleet/picture.ts';
import type { Inventory } from '../inventory/settings.ts';
import { refusal } from '../job/plan/refusal.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { author } from '../operations/jobs/job-store.ts';
import type { Draft } from '../operations/plans/draft.ts';
import { previewOf, type StepPreview } from '../operations/plans/preview.ts';
import { refusalText } from '../operations/result.ts';
import { salvageDraft } from '../operations/salvage/draft.ts';
import type { Asking } from '../operations/seed/ask-host.ts';
import { lackedBy } from '../salvage/ahead.ts';

interface Asked extends Pick<Asking, 'open' | 'signal'> {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
}

/** Takes as long as the logs take to be read. */
export async function draftSalvageOf(
  name: string,
  { inventory, picture, ...asking }: Asked,
): Promise<Draft & { readonly steps: readonly StepPreview[] }> {
  const by = author();
  const refused = (message: string, advice: string) => ({
    planned: refusal(message, advice),
    key: by.key,
    who: by.who,
    targets: [],
    impact: [],
    name,
    steps: [],
  });
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
  const { value } = drafted;
  return { ...value, steps: value.planned.ok ? previewOf(value.planned.plan) : [] };
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
