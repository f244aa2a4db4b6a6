// Plans a seed from known facts of the hosts, and from new answers of donor and targets. Nothing happens on any host.
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import { methodNamed } from '../../seed/methods/methods.ts';
import type { SeedTerms, Side } from '../../seed/request.ts';
import type { Author, Draft, Subject } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { given, type Result, refused } from '../result.ts';
import { requestOf, seedDraft, snapshotOf } from './draft.ts';
import { type AskedSide, askSides } from './sides.ts';
import { askSources } from './sources.ts';

/** The operator's choices, by the names of hosts. */
export interface SeedByName {
  readonly donor: string;
  readonly targets: readonly string[];
  /** The snapshot's name, its `group/name`, or its uuid; absent: the donor's present data is given. */
  readonly snapshot?: string;
  /** The name of one of src/seed/methods/; absent: the default. */
  readonly method?: string;
  readonly terms: SeedTerms;
}

export interface SeedAsking {
  /** Every known host of the inventory, with donor and targets. */
  readonly known: readonly Subject[];
  readonly open: (target: RemoteTarget) => Remote;
  /** Ignore the result if it was aborted. */
  readonly signal: AbortSignal;
  /** Jobs of the journal. */
  readonly past: Past;
  /** Called with what is waited for: the hosts of the two sides that have not answered; then their sources. */
  readonly onWaiting?: (what: 'sides' | 'sources', left: readonly string[]) => void;
}

/** Takes as long as the slowest host. `ok` also with a draft whose plan is refused: the checks say why. */
export async function draftSeed(request: SeedByName, by: Author, asking: SeedAsking): Promise<Result<Draft>> {
  const { known, open, signal, past, onWaiting } = asking;
  const { terms } = request;
  const method = methodNamed(request.method);
  const named = [request.donor, ...request.targets].map((name) => subjectNamed(known, name));
  const onLeft = (left: readonly string[]) => onWaiting?.('sides', left);
  onLeft(named.map(({ host }) => host.name));
  const sides = allSides(
    await askSides(named, { open, signal, onLeft, ...(terms.channel && { channel: terms.channel }) }),
  );
  if (!sides.ok) return sides;
  const [donor, ...targets] = sides.value;
  if (!donor) throw new Error('a seed without a donor');
  const snapshot = request.snapshot === undefined ? undefined : snapshotOf(donor, request.snapshot);
  if (request.snapshot !== undefined && !snapshot) {
    const message = `${donor.host.name} has no snapshot ${request.snapshot}`;
    return refused({ kind: 'usage', message, advice: `reseed snapshot list ${donor.host.name}` });
  }
  const wanted = { donor, targets, method, snapshot, terms, known, past };
  onWaiting?.('sources', []);
  const asked = await askSources(requestOf(wanted, by), { known, open, signal });
  return given(seedDraft({ ...wanted, asked }, by));
}

function allSides(answers: readonly AskedSide[]): Result<readonly Side[]> {
  const [first, ...further] = answers.flatMap((answer) =>
    answer.ok ? [] : [{ kind: 'unreachable', message: answer.why, advice: '', host: answer.host } as const],
  );
  if (first) return refused({ ...first, ...(further.length > 0 && { further }) });
  return given(answers.flatMap((answer) => (answer.ok ? answer.side : [])));
}

function subjectNamed(known: readonly Subject[], name: string): Subject {
  const found = known.find(({ host }) => host.name === name);
  if (!found) throw new Error(`the inventory has no host ${name}`);
  return found;
}
