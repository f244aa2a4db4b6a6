// The words of snapshot.sh.
import { namedWords, wordOf } from './named-words.ts';

/** Identifies one snapshot. Its uuid is empty if it is only known once the job has taken the snapshot. */
interface Named {
  readonly group: string;
  readonly volume: string;
  readonly uuid: string;
  readonly origin?: string;
}
export type SnapshotVerb =
  | 'mount'
  | 'unmount'
  | 'copy'
  | 'uncopy'
  | 'restores'
  | 'remove'
  | 'coordinates'
  | 'use'
  | 'extend';
/** Further words of a verb. `job`: the key of the job that must have made it; empty: any. Of a copy: the job that it is for. */
export type OwnWords =
  | Readonly<Record<string, never>>
  | { readonly folder: string }
  | { readonly job: string; readonly bytes?: number | undefined };

export const snapshotWords = (
  verb: SnapshotVerb,
  { group, volume, uuid, origin = '' }: Named,
  own: OwnWords,
): string[] => [verb, ...namedWords({ group, name: volume, uuid, origin, ...own })];

/** The snapshot that they are about. Words of plans of format 1 are read by position. */
export function namedBy(args: readonly string[]): Pick<Named, 'group' | 'volume'> {
  const [, group = '', volume = ''] = args;
  return { group: wordOf(args, 'group') ?? group, volume: wordOf(args, 'name') ?? volume };
}

/** For `extend`: the size in bytes. */
export const bytesIn = (args: readonly string[]): number => Number(wordOf(args, 'bytes') ?? args.at(-1));
