// Methods that copy the files of a folder of the donor: each is compared by its checksum before a target starts on them.
import type { PlannedCommand, PlannedStep } from '../../job/plan/plan.ts';
import type { Planned } from '../../job/plan/refusal.ts';
import type { GuardedSnapshot } from '../../snapshot/guard.ts';
import { planRebuild } from '../frame.ts';
import type { Finding } from '../preflight/finding.ts';
import { copyPreflight } from '../preflight/preflight.ts';
import { replicaPlan } from '../replica/attachment.ts';
import type { Follow } from '../replica/source/origin.ts';
import type { SeedRequest } from '../request.ts';
import type { CopyPlan } from '../transfer/moving-plan.ts';
import { copyData } from '../transfer/steps/copy-data.ts';
import { listData } from '../transfer/steps/list-data.ts';
import { makeSums } from '../transfer/steps/make-sums.ts';
import { verifyData } from '../transfer/steps/verify-data.ts';
import type { SeedMethod } from './method.ts';

export interface FolderMethod extends SeedMethod {
  /** The checks of the donor as one that gives by this method. If one refuses, `source` is not called. */
  checks(request: SeedRequest): Finding[];
  /** The steps, and the folder that is read. `follows`: which source each target will have, as far as that is known. */
  source(request: SeedRequest, follows: readonly Follow[]): DataSource | Extract<Planned, { ok: false }>;
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

type FolderOwn = 'copies' | 'usesChannel' | 'onlyInnodb' | 'preflight' | 'plan';

export function folderMethod(given: Omit<FolderMethod, FolderOwn>): FolderMethod {
  const { checks, source } = given;
  return {
    ...given,
    copies: true,
    usesChannel: true,
    onlyInnodb: false,
    preflight: (request) => copyPreflight(request, checks(request)),
    plan: (request) => planFolder(request, source, byTasks),
  };
}

type Brought =
  | { readonly ok: true; readonly steps: readonly PlannedStep[]; readonly made: readonly PlannedStep[] }
  | Extract<Planned, { ok: false }>;

/** `carry`: the steps that fill the targets with the data of the folder `root`, and prove what came. */
export function planFolder(
  request: SeedRequest,
  sourceOf: FolderMethod['source'],
  carry: (copying: CopyPlan, root: string) => Brought,
): Planned {
  const source = sourceOf(
    request,
    request.targets.flatMap((target) => replicaPlan(request, target)?.follow ?? []),
  );
  if (!source.ok) return source;
  const read = { request, read: source };
  const [list, sums] = [listData.plan(read), makeSums.plan(read)];
  const tried = carry({ request, ...source }, source.root);
  if (!tried.ok) return tried;
  return planRebuild(request, {
    before: [...source.before, list, sums],
    bring(attached) {
      const brought = carry({ request, ...source, attached }, source.root);
      const { steps, made } = brought.ok ? brought : tried;
      return { steps: [...steps, ...source.after], made: [...made, sums, list, ...source.made] };
    },
  });
}

function byTasks(copying: CopyPlan): Brought {
  const copy = copyData.plan({ ...copying, ...(copying.request.method.comparesOld && { onlyUnequal: true }) });
  // What differs after that is sent whole: pages of which the sums were equal by chance, too.
  return { ok: true, steps: [copy, verifyData.plan(copying)], made: [copy] };
}
