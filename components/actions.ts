// What an operator can do to hosts and jobs from the console. Each action is shown first, and done only when the
// operator agrees.

import type { Schedule } from '../src/inventory/settings.ts';
import { isOver, type JobRecord, toDo } from '../src/job/journal/record.ts';
import type { JobView, OtherPlace } from '../src/job/journal/watch.ts';
import { swapsBack } from '../src/operations/jobs/words/abort-words.ts';
import { machineOf, takeSentence } from '../src/operations/jobs/words/died-words.ts';
import type { JobRequest } from '../src/operations/plans/draft.ts';
import type { ProofChoice } from '../src/operations/proofs/draft.ts';
import { agreedByHand } from '../src/operations/schedules/by-hand.ts';
import { actText } from '../src/schedule/words.ts';
import { cleanLine } from '../src/text/clean.ts';
import type { Span } from './base/theme.ts';
import { block, planProposal, refusalProposal, type ShownDraft } from './overlays/plan-proposal.ts';
import { recoveryOf } from './panes/planned.ts';
import { openScreen, type Proposal, propose, say, shownScreen } from './screen-store.ts';
import type { Services } from './services.ts';
import { type Left, maxAtOnce, type Part, sayingLeft, severalProposal, unmark } from './several.ts';

type Actors = Pick<Services, 'jobs' | 'screens' | 'fleet'>;

const salvageMs = 15 * 60_000;
const proofMs = 60_000;
/** As long as a tick plans for the same. */
const recoveryMs = 60_000;
const starting = 'reseed is still starting: try it again in a moment';

/** A job that is wanted on a host. */
export interface WantedJob {
  readonly request: JobRequest;
  readonly host: string;
  /** The ids of its rows in the list. */
  readonly rows?: readonly string[];
}

/** Shows the plans, or why there are none. When the operator agrees, launches the jobs and opens their screen. */
export function proposeJobs(actors: Actors, wanted: readonly WantedJob[], left: Left = []): string | undefined {
  const { jobs, screens } = actors;
  if (wanted.length > maxAtOnce) return tooMany(wanted.length);
  const drafted = wanted.flatMap(({ request, host, rows = [] }): Drafted[] => {
    const draft = jobs.draft(request, host);
    return draft ? [{ draft, host, rows, what: `${request.verb} on ${host}` }] : [];
  });
  if (drafted.length < wanted.length) return starting;
  propose(screens, draftsProposal(actors, drafted, left));
  return undefined;
}

const tooMany = (count: number) => `${count} jobs are too many at once: mark ${maxAtOnce} at most`;

interface Drafted {
  readonly draft: ShownDraft;
  readonly host: string;
  readonly rows: readonly string[];
  /** The text for a draft without a plan. */
  readonly what: string;
}

/** Those that are refused are told beside the others, and left as they are. */
function draftsProposal(actors: Actors, drafted: readonly Drafted[], left: Left): Proposal {
  const { screens } = actors;
  const begun: number[] = [];
  const partOf = ({ draft, host, rows, what }: Drafted): Part => ({
    of: host,
    rows,
    proposal: draftProposal(actors, draft, what, (id) => {
      begun.push(id);
      unmark(screens, rows);
    }),
  });
  const [only] = drafted;
  if (only && drafted.length === 1 && left.length === 0 && !only.draft.planned.ok) return partOf(only).proposal;
  const refused = drafted.flatMap(({ draft: { planned }, host }) =>
    planned.ok ? [] : [{ name: host, why: withAdvice(planned) }],
  );
  const parts = drafted.filter(({ draft }) => draft.planned.ok).map(partOf);
  return severalProposal({
    title: parts.length === 0 ? 'refused' : titleOf(parts),
    parts,
    left: [...refused, ...left],
    done: () => {
      const [first, ...more] = begun;
      if (first === undefined) return undefined;
      openScreen(screens, more.length > 0 ? { name: 'jobs' } : { name: 'job', id: first });
      return more.length > 0 ? `jobs ${begun.join(', ')} have begun` : undefined;
    },
  });
}

const titleOf = (parts: readonly Part[]): string =>
  `${parts.length} ${parts.length === 1 ? 'job' : 'jobs'}: ${parts.map(({ proposal }) => proposal.title).join('; ')}`;

const withAdvice = ({ message, advice }: { readonly message: string; readonly advice: string }) =>
  advice === '' ? message : `${message}; ${advice}`;

/** Reads the logs of the host that has what this one lacks, then shows the plan. */
export function proposeSalvage(actors: Actors, host: string): string {
  const signal = AbortSignal.timeout(salvageMs);
  const drafting = actors.jobs
    .draftSalvage(host, signal)
    .then((draft) => [{ draft, host, rows: [], what: `salvage on ${host}` }]);
  proposeLater(actors, drafting, { host, work: 'salvage', signal });
  return `reading the logs of the hosts of its cluster for what ${host} lacks`;
}

/** A proof that is wanted of a host, or of one of its snapshots. */
export interface WantedProof {
  readonly host: string;
  readonly choice: ProofChoice;
  /** The ids of its rows in the list. */
  readonly rows: readonly string[];
}

/** Asks the hosts what a proof has to know, then shows the plans. */
export function proposeProofs(actors: Actors, wanted: readonly WantedProof[], left: Left): string {
  if (wanted.length > maxAtOnce) return tooMany(wanted.length);
  const signal = AbortSignal.timeout(proofMs);
  const drafting = wanted.map(async ({ host, choice, rows }): Promise<Drafted> => {
    const what = choice.of === 'rows' ? `proof of rows of ${host}` : `proof of restore of ${host}`;
    return { draft: await actors.jobs.draftProof(host, choice, signal), host, rows, what };
  });
  const host = wanted.map((one) => one.host).join(', ');
  proposeLater(actors, Promise.all(drafting), { host, work: 'proof', signal }, left);
  return `asking ${host} for the plan of the proof`;
}

/** Plans anew what a rule has planned for the host: both sides are asked, as at any seed. */
export function proposeRecovery(actors: Actors & Pick<Services, 'schedules'>, host: string): string {
  const recovery = recoveryOf(actors.schedules.store.getState().planned, host);
  if (!recovery) return `no rule has planned a recovery of ${host}`;
  const { donor, method } = recovery;
  const terms = { keepSnapshot: false, compression: 'auto', clear: false } as const;
  const signal = AbortSignal.timeout(recoveryMs);
  const drafting = actors.jobs
    .draftSeed({ donor, targets: [host], method, terms }, signal)
    .then((draft) => [{ draft, host, rows: [], what: `seed ${donor} → ${host}` }]);
  proposeLater(actors, drafting, { host, work: 'recovery', signal });
  return `asking ${donor} and ${host} for the plan of the recovery`;
}

interface Later {
  readonly host: string;
  /** `salvage` */
  readonly work: string;
  readonly signal: AbortSignal;
}

/** Another screen or question in between wins. */
function proposeLater(actors: Actors, drafting: Promise<readonly Drafted[]>, later: Later, left: Left = []): void {
  const { screens } = actors;
  const { host, work, signal } = later;
  const before = screens.getState();
  void drafting.then((drafted) => {
    const now = screens.getState();
    if (signal.aborted) say(screens, `${host}: the hosts did not answer in time; nothing was done`, 'warning');
    else if (now.stack !== before.stack || now.overlay) say(screens, `${host}: the ${work} was left aside`);
    else propose(screens, draftsProposal(actors, drafted, left));
  });
}

/** `what`: the text for a draft without a plan. `open`: shows the launched job. */
export function draftProposal(
  { jobs: { launch }, fleet }: Pick<Services, 'jobs' | 'fleet'>,
  draft: ShownDraft,
  what: string,
  open: (id: number) => void,
): Proposal {
  const { planned, checks = [] } = draft;
  if (!planned.ok) return refusalProposal(`${what}: refused`, planned, checks);
  const reports = new Map(fleet.getState().hosts.map(({ host, report }) => [host.name, report]));
  return planProposal(draft, planned.plan, reports, () => {
    const launched = launch(draft);
    if (typeof launched === 'string') return launched;
    open(launched);
    return undefined;
  });
}

/**
 * Asks the operator, and shows the resulting state of each host. If old data replaces new data, the job's number has to
 * be typed. Returns why an abort is impossible.
 */
export function proposeAborts(actors: Actors, views: readonly JobView[], left: Left = []): string | undefined {
  const { screens } = actors;
  const [view] = views;
  if (view && views.length === 1 && left.length === 0 && view.lapsed && !view.other) {
    const words = wordsOfAbort(actors, view.job);
    return typeof words === 'string' ? words : proposeTaking(actors, view.job, 'abort', words.rest);
  }
  const proposals = views.map((one) => ({
    id: one.other?.name ?? String(one.job.id),
    made: abortProposal(actors, one),
  }));
  const impossible = proposals.flatMap(({ id, made }) =>
    typeof made === 'string' ? [{ name: `job ${id}`, why: made }] : [],
  );
  const parts = proposals.flatMap(({ id, made }): Part[] =>
    typeof made === 'string' ? [] : [{ of: `job ${id}`, rows: [id], proposal: made }],
  );
  const [first] = impossible;
  if (first && views.length === 1 && left.length === 0) return first.why;
  propose(
    screens,
    severalProposal({
      title: `abort jobs ${proposals.map(({ id }) => id).join(', ')}`,
      parts,
      left: [...impossible, ...left],
      done: () => {
        unmark(
          screens,
          parts.flatMap(({ rows }) => rows),
        );
        return undefined;
      },
    }),
  );
  return undefined;
}

/** Why one is impossible, as a text. */
function abortProposal(actors: Actors, view: JobView): Proposal | string {
  const { jobs } = actors;
  const { job, lapsed, other } = view;
  if (other) return abortProposalThere(actors, view, other);
  if (lapsed) return `its runner is on ${machineOf(job)}, whose name has to be typed: abort it alone`;
  const { id, plan } = job;
  const words = wordsOfAbort(actors, job);
  if (typeof words === 'string') return words;
  return {
    title: `abort job ${id}: ${plan.title}`,
    hosts: plan.hosts,
    grave: words.grave,
    name: String(id),
    hasExact: false,
    body: (_exact, width): readonly (readonly Span[])[] =>
      words.rest.flatMap((text) => block('   ', text, 'plain', width)),
    agree: () => {
      const asked = jobs.abort(id);
      return asked.ok ? `job ${id} is asked to end` : asked.why;
    },
  };
}

/** What is lost by it, and the rest. A text: why it is unknown. */
function wordsOfAbort({ jobs }: Actors, job: JobRecord) {
  const words = jobs.abortWords(job);
  if (typeof words === 'string') return words;
  const grave = swapsBack(job);
  return { grave, rest: words.filter((text) => !grave.includes(text)) };
}

/** Its own jump host ends it, and knows best how its hosts are afterwards. */
function abortProposalThere({ jobs, screens }: Actors, view: JobView, { name, from }: OtherPlace): Proposal | string {
  const { job } = view;
  if (isOver(job.state))
    return `job ${name} is over; what it has left is taken back on ${from}: reseed job abort ${job.id}`;
  return {
    title: `abort job ${name}: ${job.plan.title}`,
    hosts: job.plan.hosts,
    grave: [],
    name,
    hasExact: false,
    body: (_exact, width): readonly (readonly Span[])[] =>
      block('   ', `${from} is asked to end it, and to take back what it made`, 'plain', width),
    agree: () => {
      jobs.abortOther(view).then(
        (text) => say(screens, text),
        (error: unknown) => say(screens, `job ${name}: ${cleanLine(String(error))}`),
      );
      return `${from} is asked to end job ${name}`;
    },
  };
}

/**
 * Takes a job from its runner on another machine; the machine's name has to be typed, as in `reseed job resume|abort ID
 * --take-from MACHINE`. `rest`: further lines to read.
 */
function proposeTaking(actors: Actors, job: JobRecord, verb: 'abort' | 'resume', rest: readonly string[]): undefined {
  const { jobs, screens } = actors;
  const { id, plan } = job;
  const machine = machineOf(job);
  const take = async () => {
    const asked = await jobs.takeOver(id, verb, machine, (text) => say(screens, text));
    if (!asked.ok) say(screens, asked.why, 'warning');
    else if (verb === 'abort') say(screens, `job ${id} is asked to end`);
    else sayGoesOn(actors, job);
  };
  propose(screens, {
    title: `${verb} job ${id}: ${plan.title}`,
    hosts: plan.hosts,
    grave: [takeSentence(job)],
    name: machine,
    hasExact: false,
    body: (_exact, width): readonly (readonly Span[])[] =>
      [`look on ${machine} first whether it runs`, ...rest].flatMap((text) => block('   ', text, 'plain', width)),
    agree: () => {
      void take();
      return undefined;
    },
  });
  return undefined;
}

/** Its plan is made once the operator agrees, as at its hour; and it is refused what it may not do unasked. */
export function proposeRun(
  { schedules, screens, fleet }: Pick<Services, 'schedules' | 'screens' | 'fleet'>,
  schedule: Schedule,
): undefined {
  const { name, act, hosts } = schedule;
  const lines = [
    `its hosts are asked, and each job is begun if no check refuses it and the inventory allows what an operator would be asked about`,
  ];
  propose(screens, {
    title: `schedule ${name} now: ${actText(act)} on ${hosts.join(', ')}`,
    grave: agreedByHand(
      schedule,
      fleet.getState().hosts.map(({ host }) => host),
    ),
    name: hosts.join(','),
    hasExact: false,
    body: (_exact, width): readonly (readonly Span[])[] => lines.flatMap((text) => block('   ', text, 'plain', width)),
    agree: () => {
      void schedules.run(name).then((text) => say(screens, text));
      return `${name}: asking ${hosts.join(', ')}`;
    },
  });
  return undefined;
}

/** A resume undoes nothing and destroys nothing, so it is done at once. */
export function resume(actors: Actors, view: JobView): string | undefined {
  const { job, lapsed, other } = view;
  if (lapsed && !other) return proposeTaking(actors, job, 'resume', []);
  const why = resumed(actors, view);
  if (why === undefined) sayGoesOn(actors, job);
  return why;
}

/** Says of each how it went on. */
export function resumeSeveral(actors: Actors, views: readonly JobView[], left: Left): string {
  const said = views.map((view) => {
    const id = String(view.job.id);
    const why =
      view.lapsed && !view.other ? 'its runner is on another machine: resume it alone' : resumed(actors, view);
    if (why === undefined) unmark(actors.screens, [id]);
    return why === undefined ? `job ${id} ${goesOn[toDo(view.job)]}` : `job ${id}: ${why}`;
  });
  return sayingLeft(said.join('; '), { left });
}

/** Why it was not; undefined: it was. */
function resumed({ jobs }: Actors, { job, other }: JobView): string | undefined {
  if (other)
    return `job ${other.name} is one of ${other.from}, and only that jump host resumes it; if it is gone: reseed job take-up ${other.name}`;
  const asked = jobs.resume(job.id);
  return asked.ok ? undefined : asked.why;
}

const goesOn = { steps: 'goes on', undo: 'goes on with its undo', release: 'goes on releasing what it holds' };

function sayGoesOn({ screens }: Actors, job: JobRecord): void {
  const { id } = job;
  const shown = shownScreen(screens.getState());
  if (shown.name !== 'job' || shown.id !== id) openScreen(screens, { name: 'job', id });
  say(screens, `job ${id} ${goesOn[toDo(job)]}`);
}
