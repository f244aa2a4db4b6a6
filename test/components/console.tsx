// The console on a pretended terminal, for tests: real components, real stores, pictures that were recorded on the practice
// fleet (test/fixtures/picture). Nothing here waits for a time: `shows` waits for what is on the screen.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import { createElement, Fragment } from 'react';
import { onTestFinished } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { App } from '../../components/App.tsx';
import { fullLook, type Look } from '../../components/base/theme.ts';
import { createScreenStore } from '../../components/screen-store.ts';
import type { LogView } from '../../src/fleet/log-follow.ts';
import type { FleetPicture, HostPicture } from '../../src/fleet/picture.ts';

interface Recorded {
  readonly recordedAtMs: number;
  readonly picture: FleetPicture;
}

export function recorded(name: 'calm' | 'trouble'): Recorded {
  const text = readFileSync(new URL(`../fixtures/picture/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Recorded;
}

/** A recorded host under another name, with what else is to be different. */
export function hostLike(
  picture: FleetPicture,
  like: string,
  name: string,
  change: Partial<HostPicture> = {},
): HostPicture {
  const found = picture.hosts.find(({ host }) => host.name === like);
  if (!found) throw new Error(`nothing was recorded of ${like}`);
  return { ...found, ...change, host: { ...found.host, name } };
}

export const emptyLog: LogView = {
  state: 'opening',
  entries: [],
  firstIndex: 0,
  droppedLines: 0,
  skippedBytes: 0,
};

interface Options {
  readonly picture: FleetPicture;
  readonly nowMs: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly look?: Partial<Look>;
  readonly readOnly?: boolean;
  /** What every host's error log is followed as. */
  readonly log?: StoreApi<LogView>;
}

export function openConsole({ picture, nowMs, columns = 120, rows = 40, look = {}, readOnly = false, log }: Options) {
  const fleet = createStore<FleetPicture>(() => picture);
  const screens = createScreenStore();
  const copied: string[] = [];
  const quits: number[] = [];
  const looked: string[] = [];
  const paged: string[] = [];
  let logsClosed = 0;
  let refreshed = 0;
  const size = { columns, rows };
  const services = {
    fleet,
    screens,
    operator: 'ops@jump1',
    inventoryFile: 'hosts.yaml',
    readOnly,
    nowMs: () => nowMs,
    refresh: () => void refreshed++,
    followLog: async () => ({
      view: log ?? createStore<LogView>(() => emptyLog),
      close: async () => void logsClosed++,
    }),
    markLooked: (host: string) => void looked.push(host),
    page: async (text: string) => {
      paged.push(text);
      return undefined;
    },
    copy: (text: string) => {
      copied.push(text);
      return `copied ${text}`;
    },
    quit: (code: number) => void quits.push(code),
  };
  // The library's terminal is 100 columns wide; the size is asked for at the first render.
  const terminal = render(createElement(Fragment));
  Object.defineProperty(terminal.stdout, 'columns', { get: () => size.columns });
  Object.defineProperty(terminal.stdout, 'rows', { get: () => size.rows });
  terminal.rerender(<App services={services} look={{ ...fullLook, ...look }} />);
  onTestFinished(() => terminal.unmount());

  const screen = () => terminal.lastFrame() ?? '';
  return {
    fleet,
    screens,
    copied,
    quits,
    looked,
    paged,
    logsClosed: () => logsClosed,
    refreshed: () => refreshed,
    screen,
    lines: () => screen().split('\n'),
    /** What a terminal sends: `press('jj')`, `press('\r')`. */
    press: (text: string) => terminal.stdin.write(text),
    resize: (to: { columns: number; rows: number }) => {
      Object.assign(size, to);
      terminal.stdout.emit('resize');
    },
    /** Waits until the screen has this, and gives the screen; fails with what was there instead. */
    shows: async (wanted: string | RegExp, deadlineMs = 10_000): Promise<string> => {
      const endMs = Date.now() + deadlineMs;
      while (!(typeof wanted === 'string' ? screen().includes(wanted) : wanted.test(screen()))) {
        if (Date.now() > endMs) throw new Error(`the screen never showed ${wanted}:\n${screen()}`);
        await sleep(5);
      }
      return screen();
    },
    /** The name in the row under the cursor. */
    underCursor: () => /^ [▸>] (\S+)/m.exec(screen())?.[1],
  };
}
