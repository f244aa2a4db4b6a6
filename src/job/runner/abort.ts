// The operator's abort, as the reason of the signal that a runner gives its steps. The signal aborts for other reasons
// too: another runner took the job, or something that a step depends on is lost.

/** The words for a step that ended because of it. */
export const abortWords = 'aborted by the operator';

export class AbortAsked extends Error {
  override readonly name = 'AbortAsked';
  override readonly message = abortWords;
}

export const isAbortAsked = ({ reason }: Pick<AbortSignal, 'reason'>): boolean => reason instanceof AbortAsked;
