// The rows of the fleet, their order, and which one the cursor is on. Pure.
import { stateOf } from '../../../src/fleet/badges.ts';
import type { DiscoveredServer, FleetPicture, HostPicture } from '../../../src/fleet/picture.ts';
import { filterOf } from '../../filter.ts';
import type { FleetView } from '../../screen-store.ts';
import { cursorIndex } from '../list/keys.ts';
import { versionText } from './cells.ts';
import { columns } from './columns.ts';

export type FleetRow =
  | { readonly kind: 'host'; readonly id: string; readonly picture: HostPicture }
  /** A server that is not in the inventory. */
  | { readonly kind: 'discovered'; readonly id: string; readonly server: DiscoveredServer };

type Shown = Pick<FleetView, 'filter' | 'sort' | 'showDiscovered'>;

/** The screen, its keys and the footer all use the rows of one picture. They are made once, since there may be a thousand hosts. */
const lastRows = new WeakMap<FleetPicture, { readonly view: Shown; readonly rows: readonly FleetRow[] }>();

/** Filtered and sorted, with discovered servers last. Rows that sort alike keep the inventory's order. */
export function fleetRows(picture: FleetPicture, view: Shown): readonly FleetRow[] {
  const last = lastRows.get(picture);
  if (
    last &&
    last.view.filter === view.filter &&
    last.view.sort === view.sort &&
    last.view.showDiscovered === view.showDiscovered
  )
    return last.rows;
  const rows = rowsOf(picture, view);
  lastRows.set(picture, { view, rows });
  return rows;
}

function rowsOf(picture: FleetPicture, view: Shown): readonly FleetRow[] {
  const passes = filterOf(view.filter);
  const hosts = picture.hosts.filter((host) => passes(() => hostText(host)));
  const found = view.showDiscovered ? picture.discovered.filter((server) => passes(() => foundText(server))) : [];
  return [
    ...sorted(hosts, view.sort).map((host) => ({ kind: 'host', id: host.host.name, picture: host }) as const),
    ...found.map((server) => ({ kind: 'discovered', id: `found ${server.host}:${server.port}`, server }) as const),
  ];
}

const collator = new Intl.Collator(undefined, { numeric: true });

function sorted(hosts: readonly HostPicture[], { column, descending }: FleetView['sort']): readonly HostPicture[] {
  if (column === undefined) return hosts;
  const { sortBy } = columns[column];
  const sign = descending ? -1 : 1;
  return hosts
    .map((host) => ({ host, key: sortBy(host) }))
    .sort((one, other) => {
      // An unknown value is neither much nor little: it comes last in both directions.
      if (one.key === undefined || other.key === undefined)
        return Number(one.key === undefined) - Number(other.key === undefined);
      return sign * compared(one.key, other.key);
    })
    .map(({ host }) => host);
}

function compared(one: string | number, other: string | number): number {
  if (one === other) return 0;
  if (typeof one === 'number' && typeof other === 'number') return one < other ? -1 : 1;
  return collator.compare(String(one), String(other));
}

function hostText(picture: HostPicture): string {
  const { host, role, remembered, alerts } = picture;
  const labels = Object.entries(host.labels).map(([name, value]) => `${name}=${value}`);
  const server = remembered.server ? versionText(remembered.server) : '';
  return [
    host.name,
    host.cluster,
    host.datacenter,
    role,
    server,
    stateOf(picture),
    ...labels,
    ...alerts.map(({ text }) => text),
  ].join('\n');
}

const foundText = ({ host, of, relation }: DiscoveredServer) => `${host}\n${relation} of ${of}\nnot in hosts.yaml`;

export function cursorRow(picture: FleetPicture, view: FleetView): FleetRow | undefined {
  const rows = fleetRows(picture, view);
  return rows[cursorIndex(rows, view)];
}
