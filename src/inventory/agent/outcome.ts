// What becomes of one setting.

export interface Outcome {
  /** What becomes of it, as the rest of `SnapshotMountPoint: ...`. Never a secret. */
  readonly text: string;
  /** Settings of the inventory that it gives: `['snapshot', 'mountRoot']`, and the value. */
  readonly gives?: readonly Given[];
  /** A command that is written as a comment. */
  readonly later?: { readonly name: string; readonly line: string };
  /** Why nothing of it is printed: stands as a comment in the lines too. */
  readonly keptBack?: string;
  /** The operator has to do something. */
  readonly isLeft?: true;
}

export interface Given {
  readonly path: readonly string[];
  readonly value: string | boolean;
}

export const taken = (text: string, ...gives: readonly Given[]): Outcome => ({ text, gives });
export const told = (text: string): Outcome => ({ text });
export const left = (text: string): Outcome => ({ text, isLeft: true });

export const noCounterpart = told("the agent's own server and its polls: reseed has no daemon, and logs in by ssh");

/** A value of the wrong type. */
export const notOf = (kind: 'text' | 'list' | 'map', wanted: 'text' | 'a map'): Outcome =>
  left(`it is ${kind === 'text' ? 'text' : `a ${kind}`}, where the agent reads ${wanted}: nothing was made of it`);
