// That the operator asked for an abort, as the reason of the signal that a runner gives its steps. The signal ends for other reasons too:
// another runner took the job up, or what a step depends on is lost.

/** The words of a step that ended for that. */
export const abortWords = 'aborted by the operator';

export class AbortAsked extends Error {
  override readonly name = 'AbortAsked';
  override readonly message = abortWords;
}

export const isAbortAsked = ({ reason }: Pick<AbortSignal, 'reason'>): boolean => reason instanceof AbortAsked;
