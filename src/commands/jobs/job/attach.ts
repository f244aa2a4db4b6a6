// Watches a job from this terminal: its steps as they come (or its whole log), how far they are, and its end. The job
// does not need this to run.

import { setTimeout as sleep } from 'node:timers/promises';
import { stepsOfLog } from '../../../job/journal/log-file.ts';
import { isOver, type JobRecord } from '../../../job/journal/record.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { doneBytesOf, type Sample, sampled } from '../../../job/words/throughput.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { untoldCommands } from '../../../operations/jobs/job-trouble.ts';
import { tail } from '../../../operations/jobs/tail.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import { cleanText } from '../../../text/clean.ts';
import { isoTime } from '../../../text/times.ts';
import { exitCodes, exitWith, printLine } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import { progressLine } from './progress-line.ts';

const lookEveryMs = 200;
/** How often a pipe or a file is told how far a step is. */
const tellEveryMs = 30_000;

interface AttachOptions {
  /** Print the log from its start, not only new lines. */
  readonly fromStart: boolean;
  /** With every command that runs, and what it said. */
  readonly commands?: boolean;
  /** Standard output is for one answer in JSON, so nothing else is printed there. */
  readonly silent?: boolean;
}

/** Sets the exit code: that of the job's end, or 130 after a Ctrl-C, which does not end the job. */
export async function attach(
  store: JobStore,
  id: number,
  { fromStart, commands = false, silent = false }: AttachOptions,
): Promise<void> {
  const lastBytes = fromStart ? Number.POSITIVE_INFINITY : 0;
  const added = tail(store.home.log(id), lastBytes);
  const steps = stepsOfLog();
  const printed = commands ? added : () => steps(added());
  // The output of earlier runners was shown by whatever watched them.
  const words = tail(store.home.output(id), lastBytes);
  const live = silent ? nothingLive : liveLine();
  const code = await untilSignalled(async (signal) => {
    for (;;) {
      const job = store.journal.job(id);
      live.print(printed());
      if (!job || isOver(job.state)) return live.endOf(store, job);
      live.show(job);
      const carried = carriedOn(store, job);
      if (standsStill(carried)) {
        live.clear();
        process.stderr.write(cleanText(words()));
        process.stderr.write(`reseed: job ${id}: ${standstillText(job, carried)}\n`);
        return exitCodes.failed;
      }
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        live.clear();
        process.stderr.write(
          `reseed: job ${id} goes on; reseed job attach ${id} comes back, reseed job abort ${id} ends it\n`,
        );
        return exitCodes.interrupted;
      }
    }
  });
  exitWith(code);
}

const nothingLive: ReturnType<typeof liveLine> = {
  print: () => undefined,
  show: () => undefined,
  clear: () => undefined,
  endOf: (_, job) => codeOf(job),
};

/** The log and a line with progress and rate: on a terminal below it and rewritten in place, else now and then. */
function liveLine() {
  const { stdout } = process;
  let samples: readonly Sample[] = [];
  let shown = '';
  let toldMs = Date.now();
  const clear = () => {
    if (!stdout.isTTY) return;
    if (shown !== '') stdout.write('\r\x1b[K');
    shown = '';
  };
  return {
    print: (text: string) => {
      if (text === '') return;
      clear();
      stdout.write(text);
    },
    show: (job: JobRecord) => {
      const nowMs = Date.now();
      samples = sampled(samples, doneBytesOf(job), nowMs);
      if (!stdout.isTTY) {
        if (nowMs - toldMs < tellEveryMs) return;
        toldMs = nowMs;
        const far = progressLine(job, samples);
        if (far !== '' && far !== shown) stdout.write(`${isoTime(nowMs)}          ${far}\n`);
        shown = far;
        return;
      }
      // One cell less than the width: a full line would wrap.
      const line = progressLine(job, samples).slice(0, Math.max(0, stdout.columns - 1));
      if (line === shown) return;
      clear();
      stdout.write(line);
      shown = line;
    },
    clear,
    endOf,
  };
}

const codeOf = (job: JobRecord | undefined) => (job?.state === 'done' ? exitCodes.done : exitCodes.failed);

/** Prints the state of each host, where the job did not end well. */
function endOf(store: JobStore, job: JobRecord | undefined): number {
  if (!job) return codeOf(job);
  const sentences = endSentences(job, store.journal.commands(job.id));
  const untold = sentences.length > 0 ? untoldCommands(store, job.id) : [];
  for (const line of [...sentences, ...untold]) printLine(line);
  return codeOf(job);
}
