// The fleet for a screen reader: a line a host in words, each value with its name, nothing drawn. The host under the
// cursor is shown in full. The others are cut to a line, so that a frame is never taller than the screen.
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { discoveryText } from '../../../src/fleet/topology/discovery.ts';
import { Line } from '../../base/Line.tsx';
import { displayWidth, truncate } from '../../base/width.ts';
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
  readonly width: number;
  readonly height: number;
}

export function LinearFleet({ rows, selected, marks, none, scene, width, height }: LinearFleetProps): ReactNode {
  const current = rows[selected];
  const marked = (row: FleetRow) => spokenStanding({ ...plainRow, marked: isMarked(marks, row) });
  const whole = current
    ? `selected, ${selected + 1} of ${rows.length}: ${marked(current)}${sentence(current, scene)}`
    : (none ?? 'no host is shown');
  const room = Math.max(0, height - Math.ceil(displayWidth(whole) / width));
  const top = Math.max(0, Math.min(selected - Math.floor(room / 2), rows.length - room));
  return (
    <Box flexDirection="column">
      {rows.slice(top, top + room).map((row) => (
        <Line key={row.id} spans={[{ text: truncate(`${marked(row)}${sentence(row, scene)}`, width, '~') }]} />
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
