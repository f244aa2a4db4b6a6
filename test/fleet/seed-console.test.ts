// A recovery by the console alone, as in the README: a broken replica is noticed and seeded, with a host that has an empty datadir in
// the same job; its runner is killed during the seed, the job is resumed, and it is followed until both have caught up.
import { afterAll, afterEach, expect, test } from 'vitest';
import type { TestTerminal } from '../terminal.ts';
import { consoleOnFleet } from './console.ts';
import { drill, printedOn, testState } from './fleet.ts';
import { operator } from './operators.ts';
import { done, nothingLeftOn, sameAsPrimary } from './seeding.ts';
import { everyHost, usesHosts } from './uses.ts';

usesHosts(...everyHost);

let terminal: TestTerminal | undefined;
afterEach(() => terminal?.close());
afterAll(() => drill('reset', 'db3', 'db6'), 400_000);

/** Moves down until the cursor is there. */
async function moveTo(screen: TestTerminal, row: RegExp): Promise<void> {
  const under = () => /▸[^\n]*/.exec(screen.text())?.[0] ?? '';
  while (!row.test(under())) {
    const before = under();
    screen.press('j');
    await expect.poll(under, { timeout: 30_000 }).not.toBe(before);
  }
}

test('a broken replica is seen, seeded with a new machine, and watched until both have caught up, though their runner is killed on the way', async () => {
  await drill('fault', 'corrupt-datadir', 'db3');
  terminal = consoleOnFleet({ columns: 120, rows: 40 });
  await terminal.shows(/db3 .*(starting|down|crash-looping)/, 60_000);
  // The worst host is first; 0 is the order of the inventory.
  terminal.press('0gjj');
  await terminal.shows(/▸ db3/);
  terminal.press('e');
  await terminal.shows('seed db2 → db3');
  await moveTo(terminal, /\[ \] +db6/);
  terminal.press(' ');
  await terminal.shows('seed db2 → db3, db6');
  terminal.press('\r');
  const plan = await terminal.shows('y asks for the name db3,db6', 240_000);
  expect(plan).toMatch(/in \/srv\/mysql\/data, with \d+ binary\s+logs?/);
  expect(plan).not.toContain('✖ db');
  // Enter agrees to nothing.
  terminal.press('\r');
  terminal.press('y');
  await terminal.shows('Type db3,db6, then enter');
  terminal.press('db3,db6\r');
  await terminal.shows(/job \d+ · seed db2 → db3, db6/, 30_000);
  // It continues while no console is open, and the next console shows it.
  terminal.press('\x1b');
  await terminal.shows(/▸ db3 .*/);
  await terminal.shows('▶ 1 job', 30_000);
  terminal.press('J');
  await terminal.shows(/▸ +\d+ +▶ running .*seed db2 → db3, db6/);
  terminal.press('\r');
  const copying = await terminal.shows(/▶ copy db2 → db3/, 120_000);
  const [, id = ''] = /job (\d+) · seed db2 → db3, db6/.exec(copying) ?? [];
  await operator(testState).killRunner(id);
  await terminal.shows(/runner died, last heard of .*\. r: resume it/, 30_000);
  terminal.press('r');
  await terminal.shows(/▶ running/, 30_000);
  await terminal.shows(/job \d+ · seed db2 → db3, db6 .*✔ done/, 420_000);
  terminal.press('\x1b');
  await terminal.shows(/▸ +\d+ +✔ done .*seed db2 → db3, db6/);
  terminal.press('\x1b');
  await terminal.shows(/db3 .*replica .*● up +\d+ s/, 60_000);
  expect(await drill('verify', 'db3')).toMatch(/db3 +db1 +✔ \d+ checksums equal/);
  await sameAsPrimary('db6');
  expect(await printedOn('db6', 'mysql -Nse "SELECT @@super_read_only, @@server_id"')).toBe('1\t16');
  expect(await done('job', 'log', id)).toContain('db3 passes on to db6 what it gets');
  await nothingLeftOn('db2', 'db3', 'db6');
  terminal.press('q');
  expect((await terminal.ends()).exitCode).toBe(0);
}, 900_000);
