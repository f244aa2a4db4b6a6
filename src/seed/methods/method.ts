// What a seed method must provide. A new one is a folder beside this file, and a line in methods.ts.
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
 * Everything here is pure: facts in, a plan out. Each refusal says what would make the seed possible. Steps are run
 * again after a runner that died in the middle of one. What they leave on a host is acquired, so that an abort at any
 * of them leaves the donor as it was.
 */
export interface SeedMethod {
  readonly name: 'lvm' | 'stopped';
  /** Whether the request means this method. Exactly one method fits a request. */
  isMeant(request: Pick<SeedRequest, 'stopped'>): boolean;
  /** What a host can give by it, from its last known state; a text: why it can't. `checks` decides finally. */
  gifts(one: Seen): readonly Gift[] | string;
  /** The checks of the donor, each with its figure. If one refuses, `source` is not called. */
  checks(request: SeedRequest): Finding[];
  /** The steps, and the folder that is read. `follows`: which source each target will have, as far as that is known. */
  source(request: SeedRequest, follows: readonly Follow[]): DataSource | Extract<Planned, { ok: false }>;
  /** The coordinates from which a target replicates. */
  start(request: SeedRequest): DataStart;
}

/** Where the data of a seed is read from. It must not change between the first byte that is read and the last that is compared. */
export interface DataSource {
  readonly ok: true;
  /** The folder that is read. */
  readonly root: string;
  /** The account to read as, `mysql:mysql`, if that account can still write there; '': root reads unchangeable data. */
  readonly reader: string;
  /** `redo=/srv/redo`: folders that are read outside of `root`, in the form of seed-list.sh. */
  readonly beside: readonly string[];
  /**
   * Steps before anything is read, and after everything was compared. If a step of `after` finds the data changed, the
   * seed fails.
   */
  readonly before: readonly PlannedStep[];
  readonly after: readonly PlannedStep[];
  /** The steps whose resources are released with the donor. */
  readonly made: readonly PlannedStep[];
  /** For a snapshot: what may overflow while it is read, and the command that mounts it again after the donor's restart. */
  readonly snapshot?: { readonly guarded: GuardedSnapshot; readonly mount: PlannedCommand };
}

/** The coordinates of the data, in one shape for all methods. */
export interface DataStart {
  /** `here`: the started target itself tells them. */
  readonly position: Position;
  /** The step that finds the coordinates. */
  readonly coordinatesOf: StepDefinition<Stands | undefined>;
  /** For MariaDB: by file and position, the data may be elsewhere than gtid_slave_pos says. */
  readonly isByFile: boolean;
}
