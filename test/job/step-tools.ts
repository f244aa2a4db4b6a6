// What a step's work is given, without a job: its commands are answered as a test says, and its notes are kept.
import type { Json, PlannedCommand } from '../../src/job/plan.ts';
import type { RunOptions, StepTools } from '../../src/job/step-work.ts';
import type { RemoteFailure } from '../../src/remote/failure.ts';
import type { ExecResult } from '../../src/remote/remote.ts';

export interface Acting {
  readonly commands: Readonly<Record<string, PlannedCommand>>;
  readonly input?: Readonly<Record<string, Json>>;
  readonly results?: Readonly<Record<string, Json>>;
  readonly answer: (key: string, options?: RunOptions) => ExecResult | RemoteFailure;
}

export function stepTools({ commands, input = {}, results = {}, answer }: Acting) {
  const notes: string[] = [];
  const progress: string[] = [];
  const tools: StepTools = {
    step: { name: 'step', title: 'step', host: 'db2', work: 'work', input, commands },
    input,
    jobKey: 'cafe',
    run: async (key, options) => {
      if (!commands[key]) throw new Error(`no command ${key}`);
      return answer(key, options);
    },
    resultOf: (step) => results[step],
    release: async () => true,
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
