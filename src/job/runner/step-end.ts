// How a step's work ends when a command of it did not go well.

import type { RemoteFailure } from '../../remote/failure.ts';
import type { StepEnd } from '../plan/step-work.ts';

export function notDone({ message, advice, printed }: RemoteFailure): Extract<StepEnd, { ok: false }> {
  return { ok: false, message: printed.trim().split('\n').at(-1) || message, advice };
}

export const failed = (message: string, advice = ''): Extract<StepEnd, { ok: false }> => ({
  ok: false,
  message,
  advice,
});

/** A line that is away comes back, or the job is resumed: it is no judgement of the work. */
export const mayPass = ({ kind }: RemoteFailure): boolean => kind === 'unreachable' || kind === 'timeout';
