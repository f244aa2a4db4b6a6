// Proofs for the console: of restore, of a host's snapshot; and of the rows of a replica, compared with its source.
import { type FleetPicture, type HostPicture, silenceOf } from '../fleet/picture.ts';
import { present } from '../host/known.ts';
import type { Inventory } from '../inventory/settings.ts';
import { refusal } from '../job/plan/refusal.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { author } from '../operations/jobs/job-store.ts';
import type { Past } from '../operations/plans/past.ts';
import { type ProofChoice, proofDraft } from '../operations/proofs/draft.ts';
import { rowsDraft } from '../operations/proofs/rows-draft.ts';
import { sourceAmong } from '../operations/proofs/source-of.ts';
import { refusalText } from '../operations/result.ts';
import type { AskingSides } from '../operations/seed/sides.ts';
import { refusedDraft, type ShownDraft, shownDraft } from './shown-draft.ts';

interface Asked extends Pick<AskingSides, 'open' | 'signal'> {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
  readonly past: Past;
}

export async function draftProofOf(
  name: string,
  choice: ProofChoice,
  { inventory, picture, past, ...asking }: Asked,
): Promise<ShownDraft> {
  const by = author();
  const refused = (message: string, advice: string) => refusedDraft(refusal(message, advice), name, by);
  const found = picture.hosts.find(({ host }) => host.name === name);
  if (!found) return refused(`the inventory has no host ${name}`, '');
  const silence = silenceOf(found.link);
  if (silence !== undefined) return refused(`${name} ${silence}`, 'wait until it answers');
  const subject = ({ host, report }: HostPicture) => ({ host, report, target: targetOf(host, inventory), inventory });
  const host = subject(found);
  if (choice.of === 'rows') {
    const answering = picture.hosts.filter(({ link }) => silenceOf(link) === undefined).map(subject);
    return shownDraft(rowsDraft({ replica: host, ...present('source', sourceAmong(host, answering)) }, {}, by, past));
  }
  const drafted = await proofDraft(present('snapshot', choice.snapshot), { host }, by, { ...asking, past });
  return drafted.ok ? shownDraft(drafted.value) : refused(refusalText(drafted.refusal), drafted.refusal.advice);
}
