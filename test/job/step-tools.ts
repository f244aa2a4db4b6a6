// The tools of a step's work, without a job: a test answers its commands, and its notes are kept.
import type { Commands, Json, PlannedStep } from '../../src/job/plan/plan.ts';
import type { RunOptions, StepTools } from '../../src/job/plan/step-work.ts';
import { noRelays } from '../../src/job/runner/relays.ts';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import type { ExecResult } from '../../src/remote/remote.ts';

export interface Acting {
  readonly commands: Commands;
  readonly targetCommands?: PlannedStep['targetCommands'];
  readonly input?: Readonly<Record<string, Json>>;
  /** By kinds of steps, or by kinds and hosts: `attach-replica db3`. */
  readonly results?: Readonly<Record<string, Json>>;
  readonly answer: (key: string, options?: RunOptions) => ExecResult | RemoteFailure;
}

export function stepTools({ commands, targetCommands = {}, input = {}, results = {}, answer }: Acting) {
  const notes: string[] = [];
  const progress: string[] = [];
  const tools: StepTools = {
    step: { name: 'step', title: 'step', host: 'db2', work: 'work', input, commands, targetCommands },
    input,
    jobKey: 'cafe',
    run: async (key, options) => {
      const { target } = options ?? {};
      const known = target === undefined ? commands : targetCommands[target];
      if (!known?.[key]) throw new Error(`no command ${key}`);
      return answer(key, options);
    },
    wordsNow: (key) => commands[key]?.args ?? [],
    resultOf: ({ kind, result }, at) => {
      const told = results[at === undefined ? kind : `${kind} ${at}`];
      return told === undefined ? undefined : result.parse(told);
    },
    resultsOf: () => new Map(),
    relays: noRelays(),
    release: async () => true,
    record: () => {
      throw new Error('no job');
    },
    lostLanes: () => ({}),
    progress: ({ text }) => progress.push(text),
    note: (text) => notes.push(text),
    pause: async () => undefined,
    signal: new AbortController().signal,
  };
  return { tools, notes, progress };
}

export const printed = (stdout: string): ExecResult => ({ ok: true, stdout, stderr: '' });

const failure = { ok: false, host: 'db2', command: 'it', message: 'it failed', advice: '' } as const;

export const exited = (code: number, stderr: string): RemoteFailure => ({
  ...failure,
  kind: 'exit',
  code,
  stdout: '',
  stderr,
  printed: stderr,
});

export const lineLost: RemoteFailure = { ...failure, kind: 'unreachable', lostWhileRunning: true, printed: '' };

export const timedOut = (message: string): RemoteFailure => ({
  ...failure,
  kind: 'timeout',
  deadlineMs: 120_000,
  message,
  printed: '',
});
