// The words of seed-still.sh. seed/methods/cold-copy/hold-donor.ts reads where the donor's binary log ends.
import { namedWords } from './named-words.ts';

/** Further words of each verb, besides the datadir and the job's key. */
interface OwnWords {
  readonly hold: {
    readonly unit: string;
    /** The line with the job's operator. */
    readonly who: string;
    /** The path of its binary logs without their number, if a target does not get them. */
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
