// From where on a figure is an alert. One place, for an operator who asks "since when is that too much?".

/** Percents are of what is used. More than the figure is an alert; at `critical` it cannot wait until the morning. */
export const thresholds = {
  lagSeconds: 30,
  diskPercent: 85,
  diskCriticalPercent: 95,
  /** A classic snapshot that is full is lost; the server notices nothing. */
  snapshotPercent: 70,
  /** A thin pool that is full stops every write to the volumes in it: the database's. */
  poolPercent: 80,
  poolCriticalPercent: 95,
} as const;
