// The fleet for a screen reader: a sentence a host, each value with its name, nothing drawn. None is cut: of the hosts as many are shown as fit the
// screen. The one under the cursor is the last.
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { discoveryText } from '../../../src/fleet/topology/discovery.ts';
import { useColumns } from '../../base/columns.ts';
import { Line } from '../../base/Line.tsx';
import { fittingWindow, rowsOf } from '../../base/whole-lines.ts';
import { plainRow, spokenStanding } from '../list/margin.ts';
import { isMarked, type Marks } from '../list/marks.ts';
import type { Scene } from './cells.ts';
import { type ColumnName, cellOf, columns } from './columns.ts';
import type { FleetRow } from './rows.ts';

interface LinearFleetProps {
  readonly rows: readonly FleetRow[];
  readonly selected: number;
  readonly marks: Marks;
  /** Why no row is selected, where there are rows. */
  readonly none: string | undefined;
  readonly scene: Scene;
  readonly height: number;
}

export function LinearFleet({ rows, selected, marks, none, scene, height }: LinearFleetProps): ReactNode {
  const current = rows[selected];
  const spokenRow = (row: FleetRow) =>
    `${spokenStanding({ ...plainRow, marked: isMarked(marks, row) })}${sentence(row, scene)}`;
  const whole = current
    ? `selected, ${selected + 1} of ${rows.length}: ${spokenRow(current)}`
    : (none ?? 'no host is shown');
  const others = rows.filter((row) => row !== current);
  const columns = useColumns();
  const room = Math.max(0, height - rowsOf(whole, columns));
  const [from, to] = fittingWindow({
    count: others.length,
    top: Math.max(0, Math.min(selected - Math.floor(room / 4), others.length - 1)),
    height: room,
    rowsAt: (index) => rowsOf(others[index] ? spokenRow(others[index]) : '', columns),
  });
  return (
    <Box flexDirection="column">
      {others.slice(from, to).map((row) => (
        <Line key={row.id} spans={[{ text: spokenRow(row) }]} />
      ))}
      <Line spans={[{ text: whole }]} />
    </Box>
  );
}

const spoken: readonly (readonly [ColumnName, string])[] = [
  ['mysql', ''],
  ['alert', 'alert '],
  ['role', ''],
  ['version', ''],
  ['lag', 'lag '],
  ['disk', 'disk used and free '],
  ['snapshots', 'snapshots '],
  ['cluster', 'cluster '],
  ['datacenter', 'datacenter '],
];

function sentence(row: FleetRow, scene: Scene): string {
  if (row.kind === 'discovered') return discoveryText(row.server);
  const { picture } = row;
  const values = spoken.flatMap(([name, label]) => {
    const text = cellOf(name, picture, scene, 200)
      .map((span) => span.text)
      .join('')
      .replace(/^\W+(?=\w)/, '')
      .replace(/ +/g, ' ')
      .trim();
    const known = text === '?' ? 'unknown' : text;
    const isNothing = known === '' || known === '-' || known === '–';
    return isNothing ? [] : [`${label || `${columns[name].title.toLowerCase()} `}${known}`];
  });
  return `${picture.host.name}: ${values.join(', ')}`;
}
