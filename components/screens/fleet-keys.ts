// What the keys of the Fleet screen do.
import { type SortColumn, sortColumns } from '../../src/commands/list.ts';
import { discoveryText } from '../../src/fleet/discovery.ts';
import type { DiscoveredServer, FleetPicture } from '../../src/fleet/picture.ts';
import type { Span } from '../base/theme.ts';
import { type Move, moved } from '../base/Viewport.tsx';
import { type Handlers, moveHandlers } from '../handlers.ts';
import { ask, changeFleetView, openScreen, type ScreenStore, showOverlay } from '../screen-store.ts';
import type { Services } from '../services.ts';
import { columns } from './fleet-columns.ts';
import { cursorIndex, cursorRow, type FleetRow, fleetRows } from './fleet-rows.ts';

/** They read the stores anew: keys that were typed fast are done one after the other, before anything is drawn. */
export function fleetHandlers(services: Services, listHeight: number): Handlers {
  const { fleet, screens, copy } = services;
  const shown = (): { picture: FleetPicture; rows: readonly FleetRow[] } => {
    const picture = fleet.getState();
    return { picture, rows: fleetRows(picture, screens.getState().fleet) };
  };
  const underCursor = () => cursorRow(fleet.getState(), screens.getState().fleet);
  const move = (how: Move) => () => {
    const { rows } = shown();
    const index = moved(cursorIndex(rows, screens.getState().fleet), how, rows.length, listHeight);
    const row = rows[index];
    if (row) changeFleetView(screens, { cursor: { id: row.id, index } });
    return undefined;
  };
  const sorts = sortColumns.map((column) => [`sort.${column}`, () => sortBy(screens, column)] as const);
  return {
    ...Object.fromEntries(sorts),
    ...moveHandlers(move),
    'host.open': () => openRow(services, underCursor()),
    'fleet.filter': () => askFilter(screens),
    'fleet.showAll': () => {
      if (screens.getState().fleet.filter === '') return 'every host is shown';
      changeFleetView(screens, { filter: '' });
      return undefined;
    },
    'fleet.discovered': () => {
      const showDiscovered = !screens.getState().fleet.showDiscovered;
      changeFleetView(screens, { showDiscovered });
      return showDiscovered
        ? 'servers that are not in the inventory are shown'
        : 'only hosts of the inventory are shown';
    },
    'text.copy': () => {
      const row = underCursor();
      if (!row) return 'there is nothing under the cursor';
      return copy(row.kind === 'host' ? row.picture.host.name : row.server.yaml);
    },
  };
}

function openRow({ screens, inventoryFile }: Services, row: FleetRow | undefined): string | undefined {
  if (!row) return 'there is no host to open';
  // The cursor is pinned to what was opened, so that it is there again on the way back.
  const { index = 0 } = screens.getState().fleet.cursor ?? {};
  changeFleetView(screens, { cursor: { id: row.id, index } });
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

function askFilter(screens: ScreenStore): undefined {
  const { filter: before } = screens.getState().fleet;
  ask(screens, {
    label: 'filter',
    hidden: false,
    text: before,
    onChange: (filter) => changeFleetView(screens, { filter }),
    onEnd: (text) => changeFleetView(screens, { filter: text ?? before }),
  });
}

/** The same column again: the other way round. A third time: the inventory's order. */
function sortBy(screens: ScreenStore, column: SortColumn): undefined {
  const { sort } = screens.getState().fleet;
  const first = columns[column].greatestFirst === true;
  if (sort.column !== column) changeFleetView(screens, { sort: { column, descending: first } });
  else if (sort.descending === first) changeFleetView(screens, { sort: { column, descending: !first } });
  else changeFleetView(screens, { sort: { column: undefined, descending: false } });
}
