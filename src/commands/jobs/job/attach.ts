// Watches a job from this terminal: its log as it grows, and its end. The job does not need this to run.

import { setTimeout as sleep } from 'node:timers/promises';
import { isOver, type JobRecord } from '../../../job/journal/record.ts';
import { standsStill } from '../../../job/lease/runner-state.ts';
import { doneBytesOf, type Sample, sampled } from '../../../job/words/throughput.ts';
import { carriedOn, type JobStore } from '../../../operations/jobs/job-store.ts';
import { untoldCommands } from '../../../operations/jobs/job-trouble.ts';
import { tail } from '../../../operations/jobs/tail.ts';
import { standstillText } from '../../../operations/jobs/words/died-words.ts';
import { endSentences } from '../../../operations/jobs/words/end-words.ts';
import { cleanText } from '../../../text/clean.ts';
import { exitCodes, exitWith, printLine } from '../../answer.ts';
import { untilSignalled } from '../../hosts/signals.ts';
import { progressLine } from './progress-line.ts';

const lookEveryMs = 200;

interface AttachOptions {
  /** Print the log from its start, not only new lines. */
  readonly fromStart: boolean;
  /** Standard output is for one answer in JSON, so nothing else is printed there. */
  readonly silent?: boolean;
}

/** Sets the exit code: that of the job's end, or 130 after a Ctrl-C, which does not end the job. */
export async function attach(store: JobStore, id: number, { fromStart, silent = false }: AttachOptions): Promise<void> {
  const lastBytes = fromStart ? Number.POSITIVE_INFINITY : 0;
  const printed = tail(store.home.log(id), lastBytes);
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

/** The log and, on a terminal, a line below it with progress and rate, rewritten in place. */
function liveLine() {
  const { stdout } = process;
  let samples: readonly Sample[] = [];
  let shown = '';
  const clear = () => {
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
      samples = sampled(samples, doneBytesOf(job), Date.now());
      if (!stdout.isTTY) return;
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
