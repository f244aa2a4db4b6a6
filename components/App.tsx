// The console: which screen is shown, the header, the footer, and what lies over it. What each screen shows is its own.
import { Box, useWindowSize } from 'ink';
import { type ReactNode, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Context } from '../src/commands/list.ts';
import { type Look, LookContext } from './base/theme.ts';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { type HandlerList, HandlersContext, useHandlers } from './handlers.ts';
import { helpSheet } from './help.ts';
import { PaletteOverlay, SheetOverlay } from './Overlays.tsx';
import { goBack, type Overlay, shownScreen, showOverlay } from './screen-store.ts';
import { FleetScreen } from './screens/FleetScreen.tsx';
import { cursorRow } from './screens/fleet-rows.ts';
import { HostScreen } from './screens/HostScreen.tsx';
import { type Services, ServicesContext, useServices } from './services.ts';
import { useKeyboard } from './use-keyboard.ts';

interface AppProps {
  readonly services: Services;
  readonly look: Look;
}

export function App({ services, look }: AppProps): ReactNode {
  const [handlers] = useState<HandlerList>([]);
  return (
    <LookContext value={look}>
      <ServicesContext value={services}>
        <HandlersContext value={handlers}>
          <Console handlers={handlers} />
        </HandlersContext>
      </ServicesContext>
    </LookContext>
  );
}

/** The header takes a line, the footer two. */
const frameLines = 3;

function Console({ handlers }: { readonly handlers: HandlerList }): ReactNode {
  const services = useServices();
  const { columns: width, rows } = useWindowSize();
  const height = Math.max(2, rows - frameLines);
  const heightNow = useRef(height);
  heightNow.current = height;
  const screen = useStore(services.screens, shownScreen);
  const overlay = useStore(services.screens, (state) => state.overlay);
  // Both move the cursor, and what the footer dims hangs on what is under it.
  useStore(services.screens, (state) => state.fleet);
  useStore(services.fleet, (picture) => picture.discovered);
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
    'palette.open': () => {
      showOverlay(services.screens, { kind: 'palette', text: '', index: 0 });
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
  useKeyboard({ services, handlers, context: () => contextOf(services), bodyHeight: () => heightNow.current });

  const space = { width, height };
  const covered = overlay !== undefined && overlay.kind !== 'entry';
  return (
    <Box flexDirection="column" width={width} height={rows} overflow="hidden">
      <Header width={width} />
      {/* A covered screen stays mounted: what it follows goes on, and its place is kept. */}
      <Box flexDirection="column" height={covered ? 0 : height} display={covered ? 'none' : 'flex'} overflow="hidden">
        {screen.name === 'fleet' ? (
          <FleetScreen {...space} />
        ) : (
          <HostScreen key={screen.host} host={screen.host} {...space} />
        )}
      </Box>
      {covered && <Covering overlay={overlay} context={context} {...space} />}
      <Footer width={width} context={context} />
    </Box>
  );
}

interface CoveringProps {
  readonly overlay: Exclude<Overlay, { kind: 'entry' }>;
  readonly context: Context;
  readonly width: number;
  readonly height: number;
}

function Covering({ overlay, context, ...space }: CoveringProps): ReactNode {
  return overlay.kind === 'sheet' ? (
    <SheetOverlay sheet={overlay.sheet} top={overlay.top} {...space} />
  ) : (
    <PaletteOverlay text={overlay.text} index={overlay.index} context={context} {...space} />
  );
}

/** What commands have to know to say whether they can be used now. */
function contextOf({ fleet, screens, readOnly }: Services): Context {
  const picture = fleet.getState();
  const state = screens.getState();
  const screen = shownScreen(state);
  const row = screen.name === 'fleet' ? cursorRow(picture, state.fleet) : undefined;
  const name = screen.name === 'host' ? screen.host : undefined;
  const host = row?.kind === 'host' ? row.picture.host : picture.hosts.find(({ host }) => host.name === name)?.host;
  return {
    screen: screen.name,
    readOnly,
    ...(host && { host }),
    onDiscovered: row?.kind === 'discovered',
    discovered: picture.discovered.length,
  };
}
