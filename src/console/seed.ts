// The plan of a seed for the console, loaded when the first one is requested. It uses the hosts' last answers and new
// ones.
import { type FleetPicture, type HostPicture, silenceOf } from '../fleet/picture.ts';
import type { Inventory } from '../inventory/settings.ts';
import { type Planned, refusal } from '../job/plan/refusal.ts';
import { targetOf } from '../operations/hosts/target-of.ts';
import { author } from '../operations/jobs/job-store.ts';
import type { Subject } from '../operations/plans/draft.ts';
import { refusalText } from '../operations/result.ts';
import { draftSeed, type SeedAsking, type SeedByName } from '../operations/seed/seed.ts';
import { tablesDraft } from '../operations/tables/draft.ts';
import { splitNames } from '../operations/tables/names.ts';
import { accountIn } from '../seed/replica/source/account.ts';
import { refusedDraft, type ShownDraft, shownDraft } from './shown-draft.ts';

interface Asking extends Pick<SeedAsking, 'open' | 'signal' | 'past'> {
  readonly inventory: Inventory;
  readonly picture: FleetPicture;
}

/** Takes as long as the slowest host. Ignore the result of an aborted call. */
export async function draftSeedOf(request: SeedByName, { inventory, picture, ...asking }: Asking): Promise<ShownDraft> {
  const by = author();
  const refused = (planned: Planned) => refusedDraft(planned, request.targets.join(','), by);
  const { accountFile } = request.terms;
  const account = accountFile === undefined ? undefined : accountIn(accountFile);
  if (account && !account.ok) return refused(refusal(account.message, account.advice));
  const named = [request.donor, ...request.targets];
  const [silent] = picture.hosts.flatMap(({ host, link }) => {
    const silence = named.includes(host.name) ? silenceOf(link) : undefined;
    return silence === undefined ? [] : [`${host.name} ${silence}`];
  });
  if (silent !== undefined) {
    return refused(refusal(`${silent}: what is known of it may be old`, 'try it again when it does'));
  }
  const known = picture.hosts.map((host) => subjectOf(host, inventory));
  const [target = '', ...others] = request.targets;
  const { only, replace = false } = request.terms;
  if (only !== undefined && others.length > 0) {
    return refused(refusal('named tables go into one target at a time', 'take the mark off the others'));
  }
  const drafted =
    only === undefined
      ? await draftSeed(request, by, { ...asking, known })
      : await tablesDraft({ donor: request.donor, target, ...splitNames(only), replace, terms: request.terms }, by, {
          ...asking,
          known,
        });
  if (!drafted.ok && only !== undefined) return refused(refusal(refusalText(drafted.refusal), drafted.refusal.advice));
  if (!drafted.ok) {
    const gone = refusal(`the snapshot of ${request.donor} is not there any more`, 'choose another');
    return refused(
      drafted.refusal.kind === 'usage' ? gone : refusal(refusalText(drafted.refusal), drafted.refusal.advice),
    );
  }
  return shownDraft(drafted.value);
}

/** For a host that does not answer, only its identity is used: no account is looked for on a target there. */
function subjectOf(picture: HostPicture, inventory: Inventory): Subject {
  const { host, report } = picture;
  const { server } = report;
  const identity = server ? { server } : {};
  const { link } = picture;
  const target = targetOf(host, inventory);
  if (silenceOf(link) === undefined) return { host, report, target };
  return { host, report: identity, target, ...(link.state === 'failed' && { away: link.failure.message }) };
}
