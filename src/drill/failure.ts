// What can go wrong in a drill, as one thrown error. The fleet is a program around programs (ip, mmdebstrap, a kernel);
// a step that fails ends the command, and src/commands is the only place that catches.

/** `refused`: a check failed before anything was done. `usage`: the command's words are wrong. */
export type FailureKind = 'failed' | 'usage' | 'refused' | 'unreachable' | 'interrupted';

export class DrillFailure extends Error {
  readonly kind: FailureKind;
  /** What to do about it, in the operator's words. */
  readonly advice: string;

  constructor(kind: FailureKind, message: string, advice = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'DrillFailure';
    this.kind = kind;
    this.advice = advice;
  }
}
