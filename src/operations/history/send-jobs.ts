// One look at the journal: what has changed since the last one is sent.
import { HistoryTrouble } from '../../history/trouble.ts';
import { renew, type Sender, sendCommands, sendJob, sendLog } from '../../history/write.ts';
import { isOver, type JobState, jobStates } from '../../job/journal/record.ts';
import { RowDamage } from '../../job/journal/row-damage.ts';
import type { PlainRows, Unsent } from '../../job/journal/sharing.ts';
import type { RunnerState } from '../../job/lease/runner-state.ts';
import { type JobStore, runnerOf } from '../jobs/job-store.ts';
import { logPiece } from './send-log.ts';

interface Round {
  /** Jobs whose last sending failed. */
  readonly failed: Set<number>;
  /** When each was sent last. */
  readonly sentMs: Map<number, number>;
  /** Leases of jobs with nothing new are renewed too. */
  readonly isToRenew: boolean;
}

const commandsAtOnce = 50;

/** Throws a HistoryTrouble. */
export async function sendJobs(store: JobStore, sender: Sender, round: Round): Promise<void> {
  const { failed } = round;
  const unsent = store.journal.sharing.unsent();
  const inOrder = [...unsent.filter(({ job }) => !failed.has(job)), ...unsent.filter(({ job }) => failed.has(job))];
  for (const one of inOrder) {
    try {
      await sendOne(store, sender, one, round);
      failed.delete(one.job);
    } catch (error) {
      failed.add(one.job);
      if (error instanceof HistoryTrouble) throw new HistoryTrouble(`job ${one.job}: ${error.message}`, error.advice);
      throw error;
    }
  }
}

async function sendOne(store: JobStore, sender: Sender, one: Unsent, round: Round): Promise<void> {
  const { sharing } = store.journal;
  const { job } = one;
  const rows = one.isWaiting ? sharing.rowsOf(job) : undefined;
  const isEnded = rows !== undefined && isOver(stateOf(rows));
  await sendCommandsOf(store, sender, one);
  // The last lines are there before the state that ends it.
  await sendLogOf(store, sender, one, isEnded);
  if (rows && isToSend(rows, round.sentMs.get(job) ?? -progressEveryMs)) {
    await sendJob(sender, { job, rows, isOver: isEnded, runner: runnerState(store, job) });
    round.sentMs.set(job, performance.now());
    sharing.sent(sender.jump, job, rows);
  } else if (round.isToRenew) await renew(sender, job, runnerState(store, job));
}

/** Figures of progress alone are sent less often: each of them is a row in that database's own log. */
const isToSend = ({ changes }: PlainRows, sentMs: number): boolean =>
  changes > 0 || performance.now() - sentMs >= progressEveryMs;
const progressEveryMs = 2000;

/** A state of no meaning is of a damaged row: it is sent as it is, and is not over. */
function stateOf({ state: { job } }: PlainRows): JobState {
  return jobStates.find((state) => state === job.state) ?? 'running';
}

function runnerState(store: JobStore, id: number): RunnerState {
  try {
    const job = store.journal.job(id);
    return job ? runnerOf(store, job) : 'died';
  } catch (error) {
    // What is known of its runner is in the damaged row.
    if (error instanceof RowDamage) return 'lapsed';
    throw error;
  }
}

async function sendCommandsOf(store: JobStore, sender: Sender, { job, command }: Unsent): Promise<void> {
  let last = command;
  for (;;) {
    const commands = store.journal.sharing.commandsAfter(job, last, commandsAtOnce);
    if (commands.length === 0) return;
    await sendCommands(sender, job, commands);
    last = commands.at(-1)?.id ?? last;
    store.journal.sharing.sentCommand(sender.jump, job, last);
  }
}

async function sendLogOf(store: JobStore, sender: Sender, { job, log }: Unsent, isEnded: boolean): Promise<void> {
  let from = log;
  for (;;) {
    const piece = logPiece(store.home.log(job), from, isEnded);
    if (!piece) return;
    await sendLog(sender, job, { at: piece.at, bytes: piece.next - piece.at, text: piece.text });
    from = piece.next;
    store.journal.sharing.sentLog(sender.jump, job, from);
  }
}
