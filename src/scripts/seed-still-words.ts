// The words of seed-still.sh. Where the donor's binary log ends is read by seed/methods/cold-copy/hold-donor.ts.
import { namedWords } from './named-words.ts';

/** What each verb has to know beside the datadir and the job's key. */
interface OwnWords {
  readonly hold: {
    readonly unit: string;
    /** The line that says whose job it is. */
    readonly who: string;
    /** The path of its binary logs without their number, where a target does not get them. */
    readonly log: string | undefined;
    /** `redo=/srv/redo`: data that is read outside of the datadir. */
    readonly place: readonly string[];
  };
  readonly proof: Readonly<Record<string, never>>;
  readonly free: { readonly unit: string };
}
export type StillVerb = keyof OwnWords;
export type StillWords<Verb extends StillVerb> = OwnWords[Verb];

export const seedStillWords = <Verb extends StillVerb>(
  verb: Verb,
  { datadir, job }: { readonly datadir: string; readonly job: string },
  own: StillWords<Verb>,
): string[] => [verb, ...namedWords({ datadir, job, ...own })];
