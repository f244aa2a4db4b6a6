// Shares the width of a screen among the columns of a table, by what each width is worth. Pure.
//
// A column asks for widths in steps: the least in which it tells something, then more. Steps are granted in the order of
// their worth, so what is wrong has its width first, and what is worth least is left out. Leftover cells go to texts
// that are still cut: no text is cut while there is room.
//
//   fitColumns([{ name: 'HOST', steps: [{ cells: 5, worth: 99 }] }, ...], 80, 2)   the shown columns, each with its cells

/** A width that a column asks for. */
export interface WidthStep {
  readonly cells: number;
  readonly worth: number;
}

export interface WantedColumn<Name> {
  readonly name: Name;
  /** Ever wider, and worth ever less. Narrower than the first, the column is left out. */
  readonly steps: readonly WidthStep[];
  /** A text: every cell up to its last step shows more of it. Else a width between two steps is of no use. */
  readonly cuts?: boolean;
}

/**
 * In the order of `columns`, with their cells. `gap`: cells between two. The most valuable one is shown at any width, cut if need be. A wider
 * screen never has fewer columns.
 */
export function fitColumns<Name>(
  columns: readonly WantedColumn<Name>[],
  width: number,
  gap: number,
): ReadonlyMap<Name, number> {
  const granted = new Map<WantedColumn<Name>, number>();
  let left = width;
  let isFull = false;
  for (const request of byWorth(columns)) {
    const has = granted.get(request.column);
    // One that comes after a request without room would go again on a wider screen.
    if (has === undefined && isFull) continue;
    const room = left + (has ?? (granted.size === 0 ? 0 : -gap));
    const cells = share(request, room, has !== undefined || granted.size === 0);
    isFull ||= request.cells > room;
    if (cells === undefined || cells <= (has ?? -1)) continue;
    granted.set(request.column, cells);
    left = room - cells;
  }
  return new Map(columns.flatMap((column) => pairOf(column.name, granted.get(column))));
}

interface Request<Name> extends WidthStep {
  readonly column: WantedColumn<Name>;
}

/** The cells for a request where `room` are left; undefined: none. `isPlaced`: a part of them is of use too. */
function share<Name>({ column, cells }: Request<Name>, room: number, isPlaced: boolean): number | undefined {
  if (cells <= room) return cells;
  return isPlaced && column.cuts ? Math.max(0, room) : undefined;
}

const pairOf = <Name>(name: Name, cells: number | undefined): readonly (readonly [Name, number])[] =>
  cells === undefined ? [] : [[name, cells]];

/** All steps, the most valuable first. A wider step of a column is never worth more than a narrower one. */
function byWorth<Name>(columns: readonly WantedColumn<Name>[]): readonly Request<Name>[] {
  const all = columns.flatMap((column) => {
    let worth = Number.POSITIVE_INFINITY;
    return column.steps.map((step) => {
      worth = Math.min(worth, step.worth);
      return { column, cells: step.cells, worth };
    });
  });
  return all.toSorted((one, other) => (one.worth === other.worth ? 0 : other.worth - one.worth));
}
