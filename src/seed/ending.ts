// What the targets of a seed are when it ends: replicas of the donor's side, servers of their own, or a set of their own. What others
// have to know of an ending is a property of it. Pure.
import type { Term } from './methods/method.ts';
import type { SeedRequest, SeedTerms, Side } from './request.ts';

export const endingNames = ['standalone', 'set'] as const;
/** `set`: the first target is the primary of the others. */
export type EndingName = (typeof endingNames)[number];

export interface Ending {
  /** After the title of its jobs; empty: the usual one. */
  readonly titled: string;
  /**
   * They replicate from the donor or its source: how far the donor is behind, what its source's logs still have, and the temporary
   * tables of its sessions matter.
   */
  readonly catchesUp: boolean;
  /** A target that takes writes may be given up for it, if no client is logged in there. */
  readonly replacesWritable: boolean;
  /** Whether the target of that index replicates from no host afterwards. */
  isAlone(index: number): boolean;
  readonly minTargets: number;
  /** The terms that it makes no use of. */
  readonly unused: readonly Term[];
}

const asReplicas: Ending = {
  titled: '',
  catchesUp: true,
  replacesWritable: false,
  isAlone: () => false,
  minTargets: 1,
  unused: ['writable', 'events'],
};

const endings: Readonly<Record<EndingName, Ending>> = {
  standalone: {
    titled: ' (standalone)',
    catchesUp: false,
    replacesWritable: true,
    isAlone: () => true,
    minTargets: 1,
    unused: ['follow', 'accountFile', 'maxLagSeconds'],
  },
  set: {
    titled: ' (as a set)',
    catchesUp: false,
    replacesWritable: true,
    isAlone: (index) => index === 0,
    minTargets: 2,
    unused: ['follow', 'maxLagSeconds'],
  },
};

export const endingOf = ({ ends }: Pick<SeedTerms, 'ends'>): Ending =>
  ends === undefined ? asReplicas : endings[ends];

/** Whether that target replicates from no host afterwards. */
export const isAlone = (
  { targets, ...terms }: Pick<SeedRequest, 'targets' | 'ends'>,
  { host }: Pick<Side, 'host'>,
): boolean => endingOf(terms).isAlone(targets.findIndex((one) => one.host.name === host.name));
