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

type Actors = Pick<Services, 'jobs' | 'screens'>;

const salvageMs = 15 * 60_000;
const proofMs = 60_000;
/** As long as a tick plans for the same. */
const recoveryMs = 60_000;
const starting = 'reseed is still starting: try it again in a moment';

/** Shows the plan, or why there is none. When the operator agrees, launches the job and opens its screen. */
export function proposeJob({ jobs, screens }: Actors, request: JobRequest, host: string): string | undefined {
  const draft = jobs.draft(request, host);
  if (!draft) return starting;
  const open = (id: number) => openScreen(screens, { name: 'job', id });
  propose(screens, draftProposal(jobs, draft, `${request.verb} on ${host}`, open));
  return undefined;
}

/** Reads the logs of the host that has what this one lacks, then shows the plan. */
export function proposeSalvage(actors: Actors, host: string): string {
  const signal = AbortSignal.timeout(salvageMs);
  proposeLater(actors, actors.jobs.draftSalvage(host, signal), {
    host,
    work: 'salvage',
    what: `salvage on ${host}`,
    signal,
  });
  return `reading the logs of the hosts of its cluster for what ${host} lacks`;
}

/** Asks the host what a proof has to know, then shows the plan. */
export function proposeProof(actors: Actors, host: string, choice: ProofChoice): string {
  const signal = AbortSignal.timeout(proofMs);
  const what = choice.of === 'rows' ? `proof of rows of ${host}` : `proof of restore of ${host}`;
  proposeLater(actors, actors.jobs.draftProof(host, choice, signal), { host, work: 'proof', what, signal });
  return `asking ${host} for the plan of the proof`;
}

/** Plans anew what a rule has planned for the host: both sides are asked, as at any seed. */
export function proposeRecovery(actors: Actors & Pick<Services, 'schedules'>, host: string): string {
  const recovery = recoveryOf(actors.schedules.store.getState().planned, host);
  if (!recovery) return `no rule has planned a recovery of ${host}`;
  const { donor, method } = recovery;
  const terms = { keepSnapshot: false, compression: 'auto', clear: false } as const;
  const signal = AbortSignal.timeout(recoveryMs);
  const draft = actors.jobs.draftSeed({ donor, targets: [host], method, terms }, signal);
  proposeLater(actors, draft, { host, work: 'recovery', what: `seed ${donor} → ${host}`, signal });
  return `asking ${donor} and ${host} for the plan of the recovery`;
}

interface Later {
  readonly host: string;
  /** `salvage` */
  readonly work: string;
  /** The text for a draft without a plan. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Another screen or question in between wins. */
function proposeLater({ jobs, screens }: Actors, drafting: Promise<ShownDraft>, later: Later): void {
  const { host, work, what, signal } = later;
  const before = screens.getState();
  const open = (id: number) => openScreen(screens, { name: 'job', id });
  void drafting.then((draft) => {
    const now = screens.getState();
    if (signal.aborted) say(screens, `${host}: the hosts did not answer in time; nothing was done`, 'warning');
    else if (now.stack !== before.stack || now.overlay) say(screens, `${host}: the ${work} was left aside`);
    else propose(screens, draftProposal(jobs, draft, what, open));
  });
}

/** `what`: the text for a draft without a plan. `open`: shows the launched job. */
export function draftProposal(
  { launch }: Pick<Services['jobs'], 'launch'>,
  draft: ShownDraft,
  what: string,
  open: (id: number) => void,
): Proposal {
  const { planned, checks = [] } = draft;
  if (!planned.ok) return refusalProposal(`${what}: refused`, planned, checks);
  return planProposal(draft, planned.plan, () => {
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
export function proposeAbort(actors: Actors, view: JobView): string | undefined {
  const { jobs, screens } = actors;
  const { job, lapsed, other } = view;
  if (other) return proposeAbortThere(actors, view, other);
  const { id, plan } = job;
  const words = jobs.abortWords(job);
  if (typeof words === 'string') return words;
  const grave = swapsBack(job);
  const rest = words.filter((text) => !grave.includes(text));
  if (lapsed) return proposeTaking(actors, job, 'abort', rest);
  propose(screens, {
    title: `abort job ${id}: ${plan.title}`,
    grave,
    name: String(id),
    hasExact: false,
    body: (_exact, width): readonly (readonly Span[])[] => rest.flatMap((text) => block('   ', text, 'plain', width)),
    agree: () => {
      const asked = jobs.abort(id);
      return asked.ok ? `job ${id} is asked to end` : asked.why;
    },
  });
  return undefined;
}

/** Its own jump host ends it, and knows best how its hosts are afterwards. */
function proposeAbortThere({ jobs, screens }: Actors, view: JobView, { name, from }: OtherPlace): string | undefined {
  const { job } = view;
  if (isOver(job.state))
    return `job ${name} is over; what it has left is taken back on ${from}: reseed job abort ${job.id}`;
  propose(screens, {
    title: `abort job ${name}: ${job.plan.title}`,
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
  });
  return undefined;
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
export function resume(actors: Actors, { job, lapsed, other }: JobView): string | undefined {
  if (other)
    return `job ${other.name} is one of ${other.from}, and only that jump host resumes it; if it is gone: reseed job take-up ${other.name}`;
  const { jobs } = actors;
  const { id } = job;
  if (lapsed) return proposeTaking(actors, job, 'resume', []);
  const asked = jobs.resume(id);
  if (!asked.ok) return asked.why;
  sayGoesOn(actors, job);
  return undefined;
}

function sayGoesOn({ screens }: Actors, job: JobRecord): void {
  const { id } = job;
  const shown = shownScreen(screens.getState());
  if (shown.name !== 'job' || shown.id !== id) openScreen(screens, { name: 'job', id });
  const goesOn = { steps: 'goes on', undo: 'goes on with its undo', release: 'goes on releasing what it holds' };
  say(screens, `job ${id} ${goesOn[toDo(job)]}`);
}
