// The seeds that are walked: the donor, the target, and the source that it will replicate from.
export interface Pair {
  readonly donor: string;
  /** It runs and replicates when the walk begins. */
  readonly target: string;
  /** The target's source in the end; it may be the donor. */
  readonly source: string;
  /** The donor's snapshots have no room of their own. */
  readonly thin: boolean;
}

export const pairs: readonly Pair[] = [
  { donor: 'db4', target: 'db5', source: 'db4', thin: true },
  { donor: 'db2', target: 'db3', source: 'db1', thin: false },
];

export const nameOf = ({ donor, target }: Pair) => `seed ${donor} ${target}`;
