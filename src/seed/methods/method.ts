// What a seed method must provide. A new one is a folder beside this file, and a line in methods.ts.
import type { SeedMethodName } from '../../inventory/settings.ts';
import type { Planned } from '../../job/plan/refusal.ts';
import type { StepDefinition } from '../../job/plan/step-work.ts';
import type { Unpacker } from '../../scripts/seed-data-words.ts';
import type { Stands } from '../../snapshot/coordinates.ts';
import type { Finding } from '../preflight/finding.ts';
import type { Position } from '../replica/words.ts';
import type { SeedRequest, SeedTerms } from '../request.ts';
import type { Gift, Seen } from './candidate.ts';

/**
 * Everything here is pure: facts in, a plan out. Each refusal says what would make the seed possible. Steps are run
 * again after a runner that died in the middle of one. What they leave on a host is acquired, so that an abort at any
 * of them leaves the donor as it was.
 *
 * Methods that copy the files of a folder are made by folder-copy.ts. A method that brings the data in another way plans with
 * planRebuild() of frame.ts, and checks with copyPreflight() of preflight/.
 */
export interface SeedMethod {
  /** As `--method` has it. */
  readonly name: SeedMethodName;
  /** What happens by it, after its name in `--help`. */
  readonly about: string;
  /** What the targets get, in words: `the snapshot`. */
  readonly dataName: string;
  /** The kinds of its own steps. */
  readonly kinds: readonly StepDefinition[];
  /** Whether the donor's server may run while its data is read; otherwise it is down, and kept so until then. */
  readonly donorRuns: boolean;
  /** Whether the targets get the donor's data; otherwise they go on from their own, and nothing happens on the donor. */
  readonly copies: boolean;
  /** Whether a snapshot of the donor's volume is read: all of its data has to be on that volume. */
  readonly readsSnapshot: boolean;
  /** When the donor's clients have to wait with their writes for a moment; absent: never. Not if an existing snapshot is given. */
  readonly blocksWrites?: Blocking;
  /** What a target does with the stream of the donor's program; absent: it takes tasks (seed-receive.sh). */
  readonly unpacks?: Unpacker;
  /** Rows are brought, and no file of the donor's: a server of any later version takes them. The dump lies beside them until they are loaded. */
  readonly onlyRows?: true;
  /** A new, empty server is made on the target before the data comes, with the system tablespace of that side. */
  readonly makesServer?: 'donor' | 'target';
  /** Whether the target's old data is read, so that only what differs from it is sent: it can't be deleted before the copy. */
  readonly comparesOld?: true;
  /** Why it is listed, and proposed only where no other method can be used: a sentence. */
  readonly reserve?: string;
  /** Whether the data goes through a channel of the job; otherwise the method has a connection of its own. */
  readonly usesChannel: boolean;
  /** Of several targets each gets the donor's data of another moment: they can't be a set. */
  readonly oneByOne?: true;
  /** Why it serves one target only: `a dump goes to one target`. Absent: it serves several at a time. */
  readonly oneTarget?: string;
  /** Whether tables of other engines come without rows. */
  readonly onlyInnodb: boolean;
  /** What it brings is not resumed after a break: old data can't be deleted before. */
  readonly notResumed?: true;
  /** It needs the last port of seed.ports for itself. */
  readonly takesLastPort?: true;
  /** The terms that it makes no use of: the verb refuses a request with one of them, the console says so. */
  readonly unused: readonly Term[];
  /** What a host can give to the target, from its last known state; a text: why it can't. `preflight` decides finally. */
  gifts(one: Seen, target: Seen): readonly Gift[] | string;
  /** All checks, each with its figure, in the order for an operator. If one refuses, `plan` is not called. */
  preflight(request: SeedRequest): Finding[];
  plan(request: SeedRequest): Planned;
  /** The coordinates from which a target replicates. */
  start(request: SeedRequest): DataStart;
}

export interface Blocking {
  /** `the snapshot is taken` */
  readonly what: string;
  /** The kind of the step whose result tells for how long. */
  readonly told: Pick<StepDefinition<Pick<Stands, 'lockedMs'> | undefined>, 'kind' | 'result'>;
}

export type Term = 'snapshot' | keyof SeedTerms;

/** The coordinates of the data, in one shape for all methods. */
export interface DataStart {
  /** `here`: the started target itself tells them. */
  readonly position: Position;
  /** The step that finds the coordinates; absent: the target goes on from its own. */
  readonly coordinatesOf?: StepDefinition<Stands | undefined>;
  /** They are known only once the data is there: old data can't be deleted before. */
  readonly comesWithData?: true;
  /** For MariaDB: by file and position, the data may be elsewhere than gtid_slave_pos says. */
  readonly isByFile: boolean;
}
