// Plans a seed from known facts of the hosts, and from new answers of donor and targets. Nothing happens on any host.
import type { Remote, RemoteTarget } from '../../remote/remote.ts';
import type { SeedMethod } from '../../seed/methods/method.ts';
import { judging } from '../../seed/preflight/finding.ts';
import type { SeedTerms, Side } from '../../seed/request.ts';
import type { Author, Draft, Subject } from '../plans/draft.ts';
import type { Past } from '../plans/past.ts';
import { given, type Result, refused } from '../result.ts';
import { chosenSnapshot, requestOf, seedDraft } from './draft.ts';
import { methodsToTry, type Order, termFlags } from './order.ts';
import { type AskedSide, askSides } from './sides.ts';
import { askingSources } from './sources.ts';

/** The operator's choices, by the names of hosts. */
export interface SeedByName {
  readonly donor: string;
  readonly targets: readonly string[];
  /** The snapshot's name, its `group/name`, or its uuid; absent: the donor's present data is given. */
  readonly snapshot?: string;
  /** The name of one of src/seed/methods/; absent: the first of seed.method that the preflight does not refuse. */
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
  const subjects = request.targets.map((name) => subjectNamed(known, name).host);
  const order = methodsToTry(request, subjects);
  if (!order.ok) return order;
  const both = await askBoth(request, terms, asking);
  if (!both.ok) return both;
  const { donor, targets } = both.value;
  const chosen = request.snapshot === undefined ? given(undefined) : chosenSnapshot(donor, request.snapshot);
  if (!chosen.ok) return chosen;
  const snapshot = chosen.value;
  onWaiting?.('sources', []);
  const ask = askingSources({ known, open, signal });
  const tried: Tried[] = [];
  for (const method of order.value.methods) {
    const wanted = { donor, targets, method, snapshot, terms, known, past };
    const asked = await ask(requestOf(wanted, by));
    tried.push({ method, draft: seedDraft({ ...wanted, asked }, by) });
    if (tried.at(-1)?.draft.planned.ok) break;
  }
  return given(draftOf(tried, order.value, donor));
}

interface Both {
  readonly donor: Side;
  readonly targets: readonly Side[];
}

/** Asks donor and targets for the facts of a seed. */
export async function askBoth(
  { donor, targets }: Pick<SeedByName, 'donor' | 'targets'>,
  { channel }: Pick<SeedTerms, 'channel'>,
  { known, open, signal, onWaiting }: SeedAsking,
): Promise<Result<Both>> {
  const named = [donor, ...targets].map((name) => subjectNamed(known, name));
  const onLeft = (left: readonly string[]) => onWaiting?.('sides', left);
  onLeft(named.map(({ host }) => host.name));
  const sides = allSides(await askSides(named, { open, signal, onLeft, ...(channel && { channel }) }));
  if (!sides.ok) return sides;
  const [first, ...others] = sides.value;
  if (!first) throw new Error('a seed without a donor');
  return given({ donor: first, targets: others });
}

interface Tried {
  readonly method: SeedMethod;
  readonly draft: Draft;
}

/** The last one tried if it can be used, else the first; with the reasons against the others. */
function draftOf(tried: readonly Tried[], { passedOver }: Order, donor: Side): Draft {
  const taken = tried.find(({ draft }) => draft.planned.ok) ?? tried[0];
  if (!taken) throw new Error('no method was tried');
  const { warn } = judging(donor);
  const others = [
    ...passedOver.map(({ method, terms }) =>
      warn(`not by ${method.name}: it makes no use of ${terms.map((term) => termFlags[term]).join(', ')}`),
    ),
    ...tried.flatMap(({ method, draft: { planned } }) =>
      planned.ok || method === taken.method ? [] : [warn(`not by ${method.name}: ${planned.message}`)],
    ),
  ];
  const { draft } = taken;
  if (others.length === 0) return draft;
  const by = draft.planned.ok ? [judging(donor).pass(`by ${taken.method.name}: ${taken.method.about}`)] : [];
  return { ...draft, checks: [...others, ...by, ...(draft.checks ?? [])] };
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
