// The columns of the console's lists, by the names that the operator's settings have for them, from left to right.

export const listColumns = {
  fleet: ['host', 'cluster', 'datacenter', 'role', 'version', 'mysql', 'lag', 'bar', 'disk', 'snapshots', 'alert'],
  snapshots: ['host', 'datacenter', 'snapshot', 'of', 'age', 'size', 'used', 'state', 'maker'],
  jobs: ['job', 'state', 'begun', 'took', 'what', 'status', 'who'],
  schedules: ['schedule', 'does', 'when', 'next', 'last'],
  processes: ['id', 'user', 'host', 'db', 'command', 'time', 'transaction', 'locked', 'changed', 'state', 'statement'],
} as const;

export type ColumnedList = keyof typeof listColumns;

export const columnedLists = Object.keys(listColumns) as readonly ColumnedList[];

/** What a row is about: keys act on that. They can be moved, and not left out. */
export const keptColumns: Readonly<Record<ColumnedList, readonly string[]>> = {
  fleet: ['host'],
  snapshots: ['host', 'snapshot'],
  jobs: ['job'],
  schedules: ['schedule'],
  processes: ['id'],
};

/** The columns that are shown, from left to right; a list that is absent has all of them. */
export type ChosenColumns = Readonly<Partial<Record<ColumnedList, readonly string[]>>>;

/** Those of `all` that are chosen, in the order of the choice. */
export function chosenOf<T extends { readonly name: string }>(
  all: readonly T[],
  chosen: readonly string[] = [],
): readonly T[] {
  if (chosen.length === 0) return all;
  return chosen.flatMap((name) => all.find((column) => column.name === name) ?? []);
}
