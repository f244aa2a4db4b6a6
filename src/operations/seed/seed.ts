// A seed planned: of what is known of the hosts, and of what donor and targets say now. Nothing happens on any host.
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import type { Side } from '../../seed/request.ts';
import type { Author, Draft, Subject } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { given, type Result, refused } from '../result.ts';
import { requestOf, type SeedTerms, seedDraft, snapshotOf } from './draft.ts';
import { type AskedSide, askSides } from './sides.ts';
import { askSources } from './sources.ts';

/** What the operator chose, by the names of hosts. */
export interface SeedByName {
  readonly donor: string;
  readonly targets: readonly string[];
  /** By its name, as `group/name`, or by its uuid; absent: a new one is taken. */
  readonly snapshot?: string;
  /** The donor's server is down, and its files are copied as they lie there. */
  readonly stopped?: true;
  readonly terms: SeedTerms;
}

export interface SeedAsking {
  /** Every host of the inventory of which something is known; donor and targets among them. */
  readonly known: readonly Subject[];
  readonly open: (target: RemoteTarget) => Remote;
  /** Aborted, what comes back is of no use. */
  readonly signal: AbortSignal;
  /** What the journal has. */
  readonly past: Past;
  /** Told what is waited for: the two sides, those of them that have not answered; then their sources. */
  readonly onWaiting?: (what: 'sides' | 'sources', left: readonly string[]) => void;
}

/** Takes as long as the slowest of the hosts. `ok` with a draft whose plan is refused: what the checks found. */
export async function draftSeed(request: SeedByName, by: Author, asking: SeedAsking): Promise<Result<Draft>> {
  const { known, open, signal, past, onWaiting } = asking;
  const { terms, stopped } = request;
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
  const wanted = { donor, targets, snapshot, stopped, terms, known, past };
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
