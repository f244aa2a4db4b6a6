// The words of snapshot.sh.
import { namedWords, wordOf } from './named-words.ts';

/** What tells a snapshot from any other. Its uuid is empty where it will only be known when the job has taken it. */
interface Named {
  readonly group: string;
  readonly volume: string;
  readonly uuid: string;
  readonly origin?: string;
}
export type SnapshotVerb = 'mount' | 'unmount' | 'remove' | 'coordinates' | 'use' | 'extend';
/** What a verb has to know beside the snapshot. `job`: the key of the one that must have made it; empty: any. */
export type OwnWords = { readonly folder: string } | { readonly job: string; readonly bytes?: number };

export const snapshotWords = (
  verb: SnapshotVerb,
  { group, volume, uuid, origin = '' }: Named,
  own: OwnWords,
): string[] => [verb, ...namedWords({ group, name: volume, uuid, origin, ...own })];

/** Which snapshot they are about. Those of plans of format 1 are read by their places. */
export function namedBy(args: readonly string[]): Pick<Named, 'group' | 'volume'> {
  const [, group = '', volume = ''] = args;
  return { group: wordOf(args, 'group') ?? group, volume: wordOf(args, 'name') ?? volume };
}

/** Of `extend`: to so many bytes. */
export const bytesIn = (args: readonly string[]): number => Number(wordOf(args, 'bytes') ?? args.at(-1));
