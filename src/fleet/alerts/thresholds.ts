// The figures above which an alert is raised. In one place, for an operator who asks "since when is that too much?".

/**
 * Percents are of space in use. A value above the figure is an alert; above the `Critical` figure it cannot wait until
 * the morning.
 */
export const thresholds = {
  lagSeconds: 30,
  diskPercent: 85,
  diskCriticalPercent: 95,
  /** A classic snapshot that is full is lost; the server does not notice. */
  snapshotPercent: 70,
  /** A thin pool that is full stops every write to its volumes, the database's too. */
  poolPercent: 80,
  poolCriticalPercent: 95,
} as const;
