// The console: the shown screen, the header, the footer, and the overlay. Each screen draws its own content.
import { Box, useWindowSize } from 'ink';
import { type ReactNode, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Context } from '../src/commands/list.ts';
import { columnedLists } from '../src/commands/list-columns.ts';
import { ColumnsContext } from './base/columns.ts';
import { type Look, LookContext, useLook } from './base/theme.ts';
import { spareRows, wholeCells } from './base/whole-lines.ts';
import { contextOf } from './context.ts';
import { Footer, messageHeight } from './Footer.tsx';
import { Header } from './Header.tsx';
import { type HandlerList, HandlersContext, useHandlers } from './handlers.ts';
import { type Clicks, ClicksContext } from './mouse/clicks.ts';
import { columnsView } from './overlays/columns.ts';
import { helpSheet } from './overlays/help.ts';
import { ColumnsOverlay, PaletteOverlay, ProposalOverlay, SheetOverlay } from './overlays/Overlays.tsx';
import { replayHandlers } from './replay.ts';
import { goBack, goHome, type Overlay, openScreen, type Screen, shownScreen, showOverlay } from './screen-store.ts';
import { FleetScreen } from './screens/fleet/FleetScreen.tsx';
import { HostScreen } from './screens/host/HostScreen.tsx';
import { JobScreen } from './screens/jobs/JobScreen.tsx';
import { JobsScreen } from './screens/jobs/JobsScreen.tsx';
import { ProcessesScreen } from './screens/processes/ProcessesScreen.tsx';
import { SchedulesScreen } from './screens/schedules/SchedulesScreen.tsx';
import { SeedScreen } from './screens/seed/SeedScreen.tsx';
import { SnapshotsScreen } from './screens/snapshots/SnapshotsScreen.tsx';
import { type Services, ServicesContext, useServices } from './services.ts';
import { useKeyboard } from './use-keyboard.ts';

interface AppProps {
  readonly services: Services;
  readonly look: Look;
}

export function App({ services, look }: AppProps): ReactNode {
  const [handlers] = useState<HandlerList>([]);
  const [clicks] = useState<Clicks>({ current: undefined });
  return (
    <LookContext value={look}>
      <ServicesContext value={services}>
        <HandlersContext value={handlers}>
          <ClicksContext value={clicks}>
            <Console handlers={handlers} />
          </ClicksContext>
        </HandlersContext>
      </ServicesContext>
    </LookContext>
  );
}

/** The header takes a line, the footer two; a long message takes more. */
const frameLines = 3;

function Console({ handlers }: { readonly handlers: HandlerList }): ReactNode {
  const services = useServices();
  const look = useLook();
  const { columns, rows } = useWindowSize();
  // No line of a screen reader is cut at the screen's edge.
  const width = look.linear ? wholeCells : columns;
  const message = useStore(services.screens, (state) => state.message);
  const messageLines = message ? messageHeight(message.text, width, rows) : 1;
  const height = Math.max(2, rows - frameLines - messageLines + 1 - (look.linear ? spareRows : 0));
  const space = { width, height };
  const spaceNow = useRef(space);
  spaceNow.current = space;
  const screen = useStore(services.screens, shownScreen);
  const overlay = useStore(services.screens, (state) => state.overlay);
  // Each of these moves a cursor, and the footer's dimming depends on the row under it.
  useStore(services.screens, (state) => state.fleet);
  useStore(services.screens, (state) => state.snapshots);
  useStore(services.screens, (state) => state.jobs);
  useStore(services.screens, (state) => state.seedHosts);
  useStore(services.screens, (state) => state.schedules);
  useStore(services.schedules.store);
  useStore(services.jobs.store);
  useStore(services.fleet, (picture) => picture.discovered);
  // The footer's dimming also depends on the host's last answer.
  useStore(services.fleet, () => {
    const { silence, unreadErrors, server, noRow } = contextOf(services);
    return `${silence} ${unreadErrors} ${server} ${noRow}`;
  });
  const context = contextOf(services);

  useHandlers({
    'screen.back': () => {
      goBack(services.screens);
      return undefined;
    },
    'help.open': () => {
      showOverlay(services.screens, { kind: 'sheet', sheet: helpSheet(contextOf(services)), top: 0 });
      return undefined;
    },
    'list.columns': () => {
      const list = columnedLists.find((name) => name === shownScreen(services.screens.getState()).name);
      if (list) showOverlay(services.screens, columnsView(list, services.screens.getState().columns[list]));
      return undefined;
    },
    'palette.open': () => {
      showOverlay(services.screens, { kind: 'palette', text: '', cursor: undefined });
      return undefined;
    },
    'fleet.open': () => {
      goHome(services.screens);
      return undefined;
    },
    'host.last': () => {
      const host = contextOf(services).host?.name ?? services.screens.getState().lastHost;
      if (host === undefined) return 'no host was opened yet';
      openScreen(services.screens, { name: 'host', host });
      return undefined;
    },
    'jobs.open': () => {
      openScreen(services.screens, { name: 'jobs' });
      return undefined;
    },
    'snapshots.open': () => {
      const near = contextOf(services).host?.datacenter;
      openScreen(services.screens, { name: 'snapshots', ...(near !== undefined && { near }) });
      return undefined;
    },
    'processes.open': () => {
      const host = contextOf(services).host?.name;
      if (host === undefined) return 'no host of the inventory is under the cursor';
      openScreen(services.screens, { name: 'processes', host });
      return undefined;
    },
    'schedules.open': () => {
      openScreen(services.screens, { name: 'schedules' });
      return undefined;
    },
    'fleet.refresh': () => {
      services.refresh();
      return 'every host is asked now';
    },
    'console.quit': () => {
      services.quit(0);
      return undefined;
    },
  });
  useHandlers(services.replay ? replayHandlers(services.replay, services.screens) : {});
  useKeyboard({ services, handlers, context: () => contextOf(services), space: () => spaceNow.current, look });

  const covered = overlay !== undefined && overlay.kind !== 'entry';
  return (
    <ColumnsContext value={columns}>
      <Box flexDirection="column" width={width} height={rows} overflow="hidden">
        <Header width={width} hosts={context.hosts ?? (context.host ? [context.host] : [])} />
        {/* A covered screen stays mounted: its log is still followed, and its scroll position is kept. */}
        <Box flexDirection="column" height={covered ? 0 : height} display={covered ? 'none' : 'flex'} overflow="hidden">
          <Shown screen={screen} {...space} />
        </Box>
        {covered && <Covering overlay={overlay} context={context} {...space} />}
        <Footer width={width} context={context} messageLines={messageLines} />
      </Box>
    </ColumnsContext>
  );
}

interface ShownProps {
  readonly screen: Screen;
  readonly width: number;
  readonly height: number;
}

function Shown({ screen, ...space }: ShownProps): ReactNode {
  switch (screen.name) {
    case 'fleet':
      return <FleetScreen {...space} />;
    case 'host':
      return <HostScreen key={screen.host} host={screen.host} {...space} />;
    case 'seed':
      return <SeedScreen key={screen.target} target={screen.target} also={screen.also} {...space} />;
    case 'snapshots':
      return <SnapshotsScreen near={screen.near} {...space} />;
    case 'jobs':
      return <JobsScreen {...space} />;
    case 'job':
      return <JobScreen key={screen.id} id={screen.id} {...space} />;
    case 'processes':
      return <ProcessesScreen key={screen.host} host={screen.host} {...space} />;
    case 'schedules':
      return <SchedulesScreen {...space} />;
  }
}

interface CoveringProps {
  readonly overlay: Exclude<Overlay, { kind: 'entry' }>;
  readonly context: Context;
  readonly width: number;
  readonly height: number;
}

function Covering({ overlay, context, ...space }: CoveringProps): ReactNode {
  switch (overlay.kind) {
    case 'sheet':
      return <SheetOverlay sheet={overlay.sheet} top={overlay.top} {...space} />;
    case 'columns':
      return <ColumnsOverlay view={overlay} {...space} />;
    case 'proposal':
      return <ProposalOverlay view={overlay} {...space} />;
    case 'palette':
      return (
        <PaletteOverlay text={overlay.text} cursor={overlay.cursor} own={overlay.own} context={context} {...space} />
      );
  }
}
