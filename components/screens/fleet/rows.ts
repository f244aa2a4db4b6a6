// The rows of the fleet, their order, and which one the cursor is on. Pure.
import { stateOf } from '../../../src/fleet/badges.ts';
import type { DiscoveredServer, FleetPicture, HostPicture } from '../../../src/fleet/picture.ts';
import { filterOf } from '../../filter.ts';
import type { ShownAlert } from '../../panes/alert-lines.ts';
import { leftByHost } from '../../panes/job/job-words.ts';
import { withPlanned } from '../../panes/planned.ts';
import { type FleetView, inventoryOrder } from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import { cursorIndex } from '../list/cursor.ts';
import { versionText } from './cells.ts';
import { columns } from './columns.ts';
import { bySeverity } from './severity.ts';
import { treeOf } from './tree.ts';

export type FleetRow =
  | { readonly kind: 'host'; readonly id: string; readonly name: string; readonly picture: HostPicture }
  /** A server that is not in the inventory. */
  | { readonly kind: 'discovered'; readonly id: string; readonly server: DiscoveredServer };

type Shown = Pick<FleetView, 'filter' | 'sort' | 'showDiscovered' | 'onlyTrouble' | 'tree'>;

/** What jobs left on hosts, and what rules have planned for them. */
type Left = ReadonlyMap<string, readonly ShownAlert[]>;

/** The screen, its keys and the footer all use the rows of one picture. They are made once, since there may be a thousand hosts. */
const lastRows = new WeakMap<
  FleetPicture,
  { readonly view: Shown; readonly left: Left; readonly rows: readonly FleetRow[] }
>();

/** Filtered and sorted, with discovered servers last. Rows that sort alike keep the inventory's order. */
export function fleetRows(picture: FleetPicture, view: Shown, left: Left): readonly FleetRow[] {
  const last = lastRows.get(picture);
  if (
    last &&
    last.left === left &&
    last.view.filter === view.filter &&
    last.view.sort === view.sort &&
    last.view.showDiscovered === view.showDiscovered &&
    last.view.onlyTrouble === view.onlyTrouble &&
    last.view.tree === view.tree
  )
    return last.rows;
  const rows = rowsOf(picture, view, left);
  lastRows.set(picture, { view, left, rows });
  return rows;
}

/** Every host and server, whatever the view shows, in the inventory's order. */
export const allRows = (picture: FleetPicture): readonly FleetRow[] =>
  rowsOf(
    picture,
    { filter: '', sort: inventoryOrder, showDiscovered: true, onlyTrouble: false, tree: false },
    new Map(),
  );

function rowsOf(picture: FleetPicture, view: Shown, left: Left): readonly FleetRow[] {
  const passes = filterOf(view.filter);
  const hosts = picture.hosts.filter(
    (host) => (!view.onlyTrouble || isTroubled(host, left)) && passes(() => hostText(host)),
  );
  const found =
    view.showDiscovered && !view.onlyTrouble
      ? picture.discovered.filter((server) => passes(() => foundText(server)))
      : [];
  const ordered = sorted(hosts, view.sort, left);
  const placed = view.tree ? treeOf(ordered).map(({ picture: one }) => one) : ordered;
  return [
    ...placed.map((host) => ({ kind: 'host', id: host.host.name, name: host.host.name, picture: host }) as const),
    ...found.map((server) => ({ kind: 'discovered', id: `found ${server.host}:${server.port}`, server }) as const),
  ];
}

/** Of one that has not answered yet it is not known. */
const isTroubled = ({ host, alerts, link }: HostPicture, left: Left) =>
  alerts.length > 0 || left.has(host.name) || link.state === 'connecting';

type Stores = Pick<Services, 'fleet' | 'screens' | 'jobs' | 'schedules'>;

let lastLeft: { readonly jobs: unknown; readonly planned: unknown; readonly left: Left } | undefined;

/** What jobs left on each host, and the recoveries that rules have planned: the same object while both are the same. */
export function leftNow({ jobs, schedules }: Pick<Stores, 'jobs' | 'schedules'>): Left {
  const { jobs: views } = jobs.store.getState();
  const { planned } = schedules.store.getState();
  if (lastLeft?.jobs !== views || lastLeft.planned !== planned)
    lastLeft = { jobs: views, planned, left: withPlanned(leftByHost(views), planned) };
  return lastLeft.left;
}

/** The rows from the stores at this moment. */
export const rowsNow = (stores: Stores): readonly FleetRow[] =>
  fleetRows(stores.fleet.getState(), stores.screens.getState().fleet, leftNow(stores));

/** The rows that a filter of these words shows. */
export const rowsWith = (stores: Stores, words: string): readonly FleetRow[] => {
  const { fleet } = stores.screens.getState();
  return rowsOf(
    stores.fleet.getState(),
    { ...fleet, filter: words, tree: false, sort: inventoryOrder },
    leftNow(stores),
  );
};

export function cursorRow(stores: Stores): FleetRow | undefined {
  const rows = rowsNow(stores);
  return rows[cursorIndex(rows, stores.screens.getState().fleet)];
}

const collator = new Intl.Collator(undefined, { numeric: true });

function sorted(
  hosts: readonly HostPicture[],
  { column, descending }: FleetView['sort'],
  left: Left,
): readonly HostPicture[] {
  if (column === undefined) return hosts;
  if (column === 'alert') {
    const worstFirst = bySeverity(hosts, left);
    return descending ? worstFirst : worstFirst.toReversed();
  }
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
