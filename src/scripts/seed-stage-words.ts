// The words of seed-stage.sh. What it says is read by seed-stage-answers.ts.
import { namedWords } from './named-words.ts';

/** Further words of each verb, besides the datadir and the job's key. */
interface OwnWords {
  readonly prepare: {
    /** The line with the job's operator. */
    readonly who: string;
    /** `mysql:mysql` */
    readonly owner: string;
    /** The short name of the target. */
    readonly at: string;
    /** Of a server that was down in the plan: when its files changed last, in seconds by its host's clock. Empty: unknown, or it ran. */
    readonly changed: string;
    /** `redo=/srv/redo`, as in stage-places.sh. */
    readonly place: readonly string[];
  };
  readonly hold: UnitAndWho;
  readonly give: Nothing;
  readonly clear: Nothing;
  readonly lend: Nothing;
  readonly switch: Nothing;
  readonly free: Unit;
  readonly back: Unit;
  readonly proved: Nothing;
  readonly drop: Nothing;
  readonly look: Nothing;
  readonly down: UnitAndWho;
}
type Nothing = Readonly<Record<string, never>>;
interface Unit {
  readonly unit: string;
}
interface UnitAndWho extends Unit {
  readonly who: string;
}
export type StageVerb = keyof OwnWords;
export type StageWords<Verb extends StageVerb> = OwnWords[Verb];

export const seedStageWords = <Verb extends StageVerb>(
  verb: Verb,
  { datadir, job }: { readonly datadir: string; readonly job: string },
  own: StageWords<Verb>,
): string[] => [verb, ...namedWords({ datadir, job, ...own })];
