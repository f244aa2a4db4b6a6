// What seed-stage.sh says that it did, read by whole lines and last sentences: names of files stand in it, which any account may choose. Pure.

export interface Undone {
  /**
   * Of the old data. `put back`: it was moved; `not moved`: it is where it was all along; `deleted`, and `half deleted`: to make room before
   * the copy; `given up`: the new data stays in its place. undefined: it found no folder of the job, or an older build's said nothing.
   */
  readonly old: 'put back' | 'not moved' | 'deleted' | 'half deleted' | 'given up' | undefined;
  /** Where the old data was deleted: what lies in the datadir now; undefined: that was not told. */
  readonly now?: 'nothing' | 'new data' | 'a part of new data' | 'other files' | undefined;
  /** Files that no server makes, kept beside the old data: a sentence each, as the script has it. */
  readonly keptApart: readonly string[];
}

/** Of `back`. */
export function readUndone(said: string): Undone {
  const keptApart = said.split('\n').flatMap((line) => /^LEFT: (.*)$/.exec(line)?.slice(1) ?? []);
  if (/^the new data of .* stays: the old is deleted$/m.test(said)) return { old: 'given up', keptApart };
  const [, half, now = ''] = /^the old data of .* was (being )?deleted to make room: (.*)$/m.exec(said) ?? [];
  if (half !== undefined) return { old: 'half deleted', keptApart };
  if (now !== '') return { old: 'deleted', now: liesThere.find(([words]) => now.startsWith(words))?.[1], keptApart };
  // Builds before did not name the datadir.
  const [asItWas, notMoved] = /^the old data(?: of .*)? is as it was(: it was not moved)?$/m.exec(said) ?? [];
  return { old: asItWas === undefined ? undefined : notMoved === undefined ? 'put back' : 'not moved', keptApart };
}

const liesThere: readonly (readonly [words: string, now: Undone['now']])[] = [
  ['it is empty', 'nothing'],
  ['what lies there is new data', 'new data'],
  ['what lies there is a part of the new data', 'a part of new data'],
  ['no data of a server', 'other files'],
];

/** Of `switch` that failed: it was refused before it moved anything. */
export const movedNothing = (said: string): boolean => /\. Nothing was moved: [^.\n]*$/.test(said.trimEnd());
