// The console on the practice fleet, as an operator sees it. How its screens look is kept in test/screens/, by
// test/components/screens.test.tsx.
import { afterEach, expect, test } from 'vitest';
import { displayWidth } from '../../components/base/width.ts';
import type { TestTerminal } from '../terminal.ts';
import { consoleOnFleet } from './console.ts';
import { drill } from './fleet.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];
const terminals: TestTerminal[] = [];

afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});

function openConsole({ columns, rows }: { columns: number; rows: number }): TestTerminal {
  const terminal = consoleOnFleet({ columns, rows });
  terminals.push(terminal);
  return terminal;
}

function noLineIsTooLong(terminal: TestTerminal, columns: number): void {
  for (const line of terminal.lines()) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
}

test.each(sizes)('six hosts, and one of them, at $columns x $rows', async ({ columns, rows }) => {
  const terminal = openConsole({ columns, rows });
  await terminal.shows('● 5 up', 60_000);
  await terminal.shows(/db5 .*replica .*● up +\d+ s/, 60_000);
  // The program of a server that is down is asked what it would read: its host answers last.
  const screen = await terminal.shows(/db6 .*– empty datadir/, 60_000);
  expect(screen).toMatch(/db1 .*primary .*● up/);
  expect(screen).toMatch(/db4 .*primary .*● up/);
  noLineIsTooLong(terminal, columns);
  terminal.press('?');
  await terminal.shows('Everywhere');
  noLineIsTooLong(terminal, columns);
  terminal.press('q');
  await terminal.shows(/▸ db\d /);
  // The worst host is first; 0 is the order of the inventory.
  terminal.press('0g');
  await terminal.shows('▸ db1');
  terminal.press('\r');
  await terminal.shows(/^ db1 ● up[\s\S]*error log .*follow · \d+ lines[\s\S]*^ +S /m, 60_000);
  noLineIsTooLong(terminal, columns);
  terminal.press('\x1b');
  await terminal.shows('▸ db1');
  terminal.press('q');
  expect((await terminal.ends()).exitCode).toBe(0);
});

test('a server that stops is seen within one poll, and so is one that comes back', async () => {
  const size = { columns: 120, rows: 40 };
  const terminal = openConsole(size);
  await terminal.shows('● 5 up', 60_000);
  await drill('fault', 'stop-mysql', 'db3');
  await terminal.shows(/db3 .*○ down.*✖ .*stopped/, 15_000);
  await terminal.shows('○ 1 down');
  noLineIsTooLong(terminal, size.columns);
  await drill('heal', 'db3');
  await terminal.shows(/db3 .*● up/, 60_000);
});

test('a host that is paused is silent, and the others go on', async () => {
  const terminal = openConsole({ columns: 120, rows: 40 });
  await terminal.shows('● 5 up', 60_000);
  await drill('fault', 'pause', 'db2');
  await terminal.shows(/db2 .*(?:◌ stale|✖ unreachable)/, 60_000);
  const screen = await terminal.shows('● 4 up');
  expect(screen).toMatch(/db3 .*● up/);
  await drill('heal', 'db2');
  await terminal.shows(/db2 .*● up/, 90_000);
});
