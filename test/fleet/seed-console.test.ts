// A recovery by the console alone, as in the README: a broken replica is noticed and seeded, its runner is killed
// during the seed, the job is resumed, and it is followed until it has caught up.
import { afterAll, afterEach, expect, test } from 'vitest';
import type { TestTerminal } from '../terminal.ts';
import { consoleOnFleet } from './console.ts';
import { drill, testState } from './fleet.ts';
import { operator } from './operators.ts';
import { nothingLeftOn } from './seeding.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

let terminal: TestTerminal | undefined;
afterEach(() => terminal?.close());
afterAll(() => drill('reset', 'db3'), 240_000);

test('a broken replica is seen, seeded and watched until it has caught up, though its runner is killed on the way', async () => {
  await drill('fault', 'corrupt-datadir', 'db3');
  terminal = consoleOnFleet({ columns: 120, rows: 40 });
  await terminal.shows(/db3 .*(starting|down)/, 60_000);
  terminal.press('jj');
  await terminal.shows(/▸ db3/);
  terminal.press('e');
  await terminal.shows('seed db2 → db3');
  terminal.press('\r');
  const plan = await terminal.shows('y asks for the name db3', 60_000);
  expect(plan).toMatch(/in \/srv\/mysql\/data, with \d+ binary\s+logs?/);
  expect(plan).not.toContain('✖ db');
  // Enter agrees to nothing.
  terminal.press('\r');
  terminal.press('y');
  await terminal.shows('Type db3, then enter');
  terminal.press('db3\r');
  await terminal.shows(/job \d+ · seed db2 → db3/, 30_000);
  // It continues while no console is open, and the next console shows it.
  terminal.press('\x1b');
  await terminal.shows(/▸ db3 .*/);
  await terminal.shows('▶ 1 job', 30_000);
  terminal.press('J');
  await terminal.shows(/▸ +\d+ +▶ running .*seed db2 → db3/);
  terminal.press('\r');
  const copying = await terminal.shows(/▶ copy db2 → db3/, 120_000);
  const [, id = ''] = /job (\d+) · seed db2 → db3/.exec(copying) ?? [];
  await operator(testState).killRunner(id);
  await terminal.shows(/runner died, last heard of .*\. r: resume it/, 30_000);
  terminal.press('r');
  await terminal.shows(/▶ running/, 30_000);
  await terminal.shows(/job \d+ · seed db2 → db3 .*✔ done/, 240_000);
  terminal.press('\x1b');
  await terminal.shows(/▸ +\d+ +✔ done .*seed db2 → db3/);
  terminal.press('\x1b');
  await terminal.shows(/db3 .*replica .*● up +\d+ s/, 60_000);
  expect(await drill('verify', 'db3')).toMatch(/db3 +db1 +✔ \d+ checksums equal/);
  await nothingLeftOn('db2', 'db3');
  terminal.press('q');
  expect((await terminal.ends()).exitCode).toBe(0);
}, 600_000);
