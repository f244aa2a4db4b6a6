// What a way to seed has to say of itself. A new one is a folder beside this file, and a line in methods.ts.
import type { PlannedCommand, PlannedStep } from '../../job/plan/plan.ts';
import type { Planned } from '../../job/plan/refusal.ts';
import type { StepDefinition } from '../../job/plan/step-work.ts';
import type { Stands } from '../../snapshot/coordinates.ts';
import type { GuardedSnapshot } from '../../snapshot/guard.ts';
import type { Finding } from '../preflight/finding.ts';
import type { Follow } from '../replica/source/origin.ts';
import type { Position } from '../replica/words.ts';
import type { SeedRequest } from '../request.ts';
import type { Gift, Seen } from './candidate.ts';

/**
 * Everything here is pure: facts in, a plan out. Whatever is refused says what would make it possible. Steps are run again after a
 * runner that died in the middle of one, and what they leave on a host is acquired, so that an abort at any of them leaves the
 * donor as it was.
 */
export interface SeedMethod {
  readonly name: 'lvm' | 'stopped';
  /** Whether that is what was asked for. Exactly one method is meant by a request. */
  isMeant(request: Pick<SeedRequest, 'stopped'>): boolean;
  /** What a host, as it was seen last, can give by it; text: why it can't. It is looked at for good by `checks`. */
  gifts(one: Seen): readonly Gift[] | string;
  /** What has to be so on the donor, each with its figure. Where one refuses, `source` is not asked. */
  checks(request: SeedRequest): Finding[];
  /** The steps, and what is read. `follows`: whom each target is to follow, as far as that is known. */
  source(request: SeedRequest, follows: readonly Follow[]): DataSource | Extract<Planned, { ok: false }>;
  /** From where a target replicates on. */
  start(request: SeedRequest): DataStart;
}

/** What the data of a seed is read from. It does not change between the first byte that is read and the last that is compared. */
export interface DataSource {
  readonly ok: true;
  /** The folder that is read. */
  readonly root: string;
  /** The account, `mysql:mysql`, that it is read as where that account can still write there; '': root reads what can't change. */
  readonly reader: string;
  /** `redo=/srv/redo`: what is read outside of `root`, as seed-list.sh has it. */
  readonly beside: readonly string[];
  /** Before anything is read, and after everything was compared. A step after that finds the data changed fails the seed. */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  /** Those of the steps whose things go when the donor is released. */
  readonly made: readonly PlannedStep[];
  /** What may overflow while it is read, and what mounts it again after the donor's restart: of a snapshot. */
  readonly snapshot?: { readonly guarded: GuardedSnapshot; readonly mount: PlannedCommand };
}

/** Where the data stands, in one shape for all methods. */
export interface DataStart {
  /** `here`: the started target tells it by itself. */
  readonly position: Position;
  /** The step that finds out the coordinates. */
  readonly coordinatesOf: StepDefinition<Stands | undefined>;
  /** Of a MariaDB: the data may stand elsewhere than its gtid_slave_pos says, by file and position. */
  readonly isByFile: boolean;
}
