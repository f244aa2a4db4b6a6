// The effect of keys on the Fleet screen.
import { type SortColumn, sortColumns } from '../../../src/commands/list.ts';
import type { DiscoveredServer } from '../../../src/fleet/picture.ts';
import { discoveryText } from '../../../src/fleet/topology/discovery.ts';
import type { Span } from '../../base/theme.ts';
import type { Handlers } from '../../handlers.ts';
import {
  changeFleetView,
  inventoryOrder,
  openScreen,
  type ScreenStore,
  showOverlay,
  worstFirst,
} from '../../screen-store.ts';
import type { Services } from '../../services.ts';
import { hostsOf, sayingLeft } from '../../several.ts';
import { hostActions } from '../host/actions.ts';
import { cursorIn } from '../list/cursor.ts';
import { listHandlers, unmarked } from '../list/keys.ts';
import { columns } from './columns.ts';
import { cursorRow, type FleetRow, rowsNow, rowsWith } from './rows.ts';

/** The handlers read the stores at each call: fast keys are handled one after the other, before the next draw. */
export function fleetHandlers(services: Services, listHeight: number): Handlers {
  const { screens, copy } = services;
  const underCursor = () => cursorRow(services);
  const sorts = sortColumns.map((column) => [`sort.${column}`, () => sortBy(screens, column)] as const);
  return {
    ...Object.fromEntries(sorts),
    ...listHandlers(screens, 'fleet', {
      rows: () => rowsNow(services),
      rowsWith: (words) => rowsWith(services, words),
      height: listHeight,
    }),
    'sort.none': () => {
      const sorts = screens.getState().fleet.sort.column === undefined;
      changeFleetView(screens, { sort: sorts ? worstFirst : inventoryOrder });
      return sorts ? 'the worst first, causes before effects' : "in the inventory's order; 0: the worst first";
    },
    ...hostActions(services),
    'host.open': () => openRow(services, underCursor()),
    'list.showAll': () => {
      if (unmarked(screens, 'fleet')) return undefined;
      const { filter, onlyTrouble } = screens.getState().fleet;
      if (filter === '' && !onlyTrouble) return 'every host is shown';
      changeFleetView(screens, { filter: '', onlyTrouble: false });
      return undefined;
    },
    'fleet.tree': () => {
      changeFleetView(screens, { tree: !screens.getState().fleet.tree });
      return screens.getState().fleet.tree ? 'replicas are below their sources; ctrl+t: a list again' : undefined;
    },
    'fleet.trouble': () => {
      changeFleetView(screens, { onlyTrouble: !screens.getState().fleet.onlyTrouble });
      // A row that the operator hides takes no cursor along.
      changeFleetView(screens, { cursor: cursorIn(rowsNow(services), screens.getState().fleet) });
      const isEmpty = rowsNow(services).length === 0;
      return screens.getState().fleet.onlyTrouble && isEmpty ? 'no host has an alert; ctrl+z: all hosts' : undefined;
    },
    'fleet.discovered': () => {
      const showDiscovered = !screens.getState().fleet.showDiscovered;
      changeFleetView(screens, { showDiscovered });
      // A row that the operator hides takes no cursor along.
      changeFleetView(screens, { cursor: cursorIn(rowsNow(services), screens.getState().fleet) });
      return showDiscovered
        ? 'servers that are not in the inventory are shown'
        : 'only hosts of the inventory are shown';
    },
    'text.copy': (subjects) => {
      const row = underCursor();
      const hosts = hostsOf(subjects);
      if (hosts.length > 0) return sayingLeft(copy(hosts.join('\n')), subjects);
      return row?.kind === 'discovered' ? copy(row.server.yaml) : 'there is nothing under the cursor';
    },
  };
}

function openRow({ screens, inventoryFile }: Services, row: FleetRow | undefined): string | undefined {
  if (!row) return 'there is no host to open';
  if (row.kind === 'host') openScreen(screens, { name: 'host', host: row.picture.host.name });
  else showOverlay(screens, { kind: 'sheet', sheet: foundSheet(row.server, inventoryFile), top: 0 });
  return undefined;
}

function foundSheet(server: DiscoveredServer, inventoryFile: string) {
  const lines: readonly (readonly Span[])[] = [
    [{ text: ` ${discoveryText(server)}` }],
    [],
    [{ text: ` To have it here, add these lines below hosts: in ${inventoryFile} (y copies them):` }],
    [],
    ...server.yaml.split('\n').map((text): readonly Span[] => [{ text: `   ${text}`, tone: 'accent' }]),
  ];
  return { title: 'not in the inventory', lines, copy: server.yaml };
}

/** The same column again reverses the order. A third time the worst is first again, or the inventory's order is kept. */
function sortBy(screens: ScreenStore, column: SortColumn): undefined {
  const { sort } = screens.getState().fleet;
  const first = columns[column].greatestFirst === true;
  if (sort.column !== column) changeFleetView(screens, { sort: { column, descending: first } });
  else if (sort.descending === first) changeFleetView(screens, { sort: { column, descending: !first } });
  else changeFleetView(screens, { sort: column === 'alert' ? inventoryOrder : worstFirst });
}
