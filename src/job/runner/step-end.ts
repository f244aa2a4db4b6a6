// How a step's work ends when one of its commands failed.

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

/** A lost connection may come back, or the job can be resumed: the failure does not judge the work. */
export const mayPass = ({ kind }: RemoteFailure): boolean => kind === 'unreachable' || kind === 'timeout';
