// Whoever comes from orchestrator-agent, on real hosts: its configuration becomes lines of the inventory, its scripts (test/fixtures/agent) carry a seed
// as they are called there, and its custom commands are run by their names. In the campaign, since npm test has no minutes left for it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { consoleOnFleet } from '../fleet/console.ts';
import { drill, on, onHost, printedOn, testState, until } from '../fleet/fleet.ts';
import { inventoryText } from '../fleet/inventory.ts';
import { operator } from '../fleet/operators.ts';
import { begun, done, inside, nothingLeftOn, sameAsPrimary, shown } from '../fleet/seeding.ts';
import { usesHosts } from '../fleet/uses.ts';
import type { TestTerminal } from '../terminal.ts';
import { programOn } from './seed-hooked.ts';

usesHosts('db1', 'db2', 'db6');

const fixtures = join(import.meta.dirname, '../fixtures/agent');
const folder = '/usr/local/orchestrator-agent';
const reach = {
  db2: ['cluster: shop', 'datacenter: ams', 'ssh: { host: 10.77.0.12, port: 2222, user: ops }'],
  db6: ['cluster: shop', 'datacenter: fra', 'ssh: { host: 10.77.0.16 }'],
};

/** As docs/orchestrator-agent.md says: the printed lines below the hosts, how each host is reached, and the agreement to an open port. */
async function inventoryOfAgent(): Promise<string> {
  const imported = await inside('import-agent', join(fixtures, 'orchestrator-agent.conf.json'), '--host', 'db2', 'db6');
  expect(imported.exitCode).toBe(0);
  expect(imported.stderr).toMatch(/^! ReceiveSeedDataCommand .*insecure: true/m);
  const lines = imported.stdout
    .replace(/^hosts:\n/, '')
    .replace('  db2: &agent\n', (line) => `${line}${reach.db2.map((setting) => `    ${setting}\n`).join('')}`)
    .replace('{ <<: *agent }', `{ ${['<<: *agent', ...reach.db6].join(', ')} }`)
    .replace(/receive: (.*)/, 'receive: { run: $1, insecure: true }');
  const path = join(testState, 'inventories/of-agent.yaml');
  await mkdir(join(testState, 'inventories'), { recursive: true });
  await writeFile(path, `${await inventoryText('db1')}${lines}`);
  return path;
}

let known: readonly string[] = [];
beforeAll(async () => {
  known = ['--inventory', await inventoryOfAgent()];
  for (const host of ['db2', 'db6']) {
    for (const name of ['create-snapshot', 'send', 'receive', 'post-copy']) {
      await programOn(host, `${folder}/${name}.sh`, await readFile(join(fixtures, `${name}.sh`), 'utf8'));
    }
    await programOn(
      host,
      `${folder}/hold.sh`,
      '#!/bin/bash\necho begun >>/var/tmp/held\nuntil [ -e /var/tmp/let-go ]; do sleep 0.2; done\necho over >>/var/tmp/held\n',
    );
  }
}, 240_000);

let terminal: TestTerminal | undefined;
afterEach(() => terminal?.close());
/** The other tests know db6 without data. */
afterAll(async () => {
  for (const host of ['db2', 'db6']) await on(host, `rm -rf ${folder} /var/tmp/held /var/tmp/let-go`);
  await drill('reset', 'db6');
}, 400_000);

test('its snapshot, send, receive and post-copy scripts carry a seed of db2 to db6, which follows db1 in the end', async () => {
  const volumes = () => on('db2', "lvs --noheadings -o lv_name | tr -d ' ' | sort");
  const before = await volumes();
  const id = await begun('seed', 'db2', 'db6', '--method', 'custom', '--yes=db6', ...known);
  await done('job', 'attach', id);
  expect(await shown(id)).toMatchObject({ state: 'done' });
  const log = await done('job', 'log', id);
  expect(log).toMatch(/ receive on db6 \| start nc on port 210\d\d\n/);
  expect(log).toContain(' receive on db6 | delete /mnt\n');
  expect(log).toContain(' send on db2 | start nc\n');
  expect(await on('db6', 'wc -l </var/tmp/post-copy.log')).toBe('1');
  // The snapshot of their script, too.
  expect(await volumes()).toBe(before);
  await sameAsPrimary('db6');
  await nothingLeftOn('db2', 'db6');
}, 900_000);

test('what its status, datadir and port commands say is told where it differs: of a server that runs, and of one that is down', async () => {
  const differs = 'commands.port says 3307, and the port of its server is 3306';
  const alerts = async (host: string) => {
    const { hosts } = JSON.parse((await inside('status', host, '--json', ...known)).stdout);
    return hosts[0].alerts.map(({ text }: { text: string }) => text);
  };
  expect(await alerts('db6')).toContain(differs);
  expect((await inside('status', 'db6', ...known)).stdout).toContain(differs);
  await on('db6', 'systemctl stop mysql');
  // The client of commands.datadir finds no server.
  expect(await alerts('db6')).toEqual(
    expect.arrayContaining([differs, expect.stringContaining('commands.datadir ended with 1')]),
  );
  await on('db6', 'systemctl start mysql');
});

test('its custom commands are in the menu of the host, and one is run from there', async () => {
  terminal = consoleOnFleet({ columns: 120, rows: 40 }, known[1]);
  await terminal.shows(/db6 .*● up/, 60_000);
  // The worst host is first; 0 is the order of the inventory.
  terminal.press('0gjj');
  await terminal.shows(/▸ db6/);
  terminal.press('!');
  const list = await terminal.shows('commands of the inventory');
  expect(list).toMatch(/run hold-the-host +db6/);
  terminal.press('hostname\r');
  await terminal.shows('run hostname on db6');
  terminal.press('y');
  const isDone = /job (\d+) · run hostname on db6 .*✔ done/;
  const [, id = ''] = isDone.exec(await terminal.shows(isDone)) ?? [];
  expect(await done('job', 'log', id)).toContain('| db6\n');
  terminal.press('q');
});

test('a custom command is ended by an abort, and one whose runner dies is waited for and never started again', async () => {
  const held = () => printedOn('db6', 'cat /var/tmp/held 2>/dev/null || true');
  const begin = async () => {
    await on('db6', 'rm -f /var/tmp/held /var/tmp/let-go');
    const id = await begun('run', 'db6', 'hold-the-host', '--yes', ...known);
    await until(held, (text) => text === 'begun');
    return id;
  };
  const first = await begin();
  await done('job', 'abort', first, `--yes=${first}`, ...known);
  expect(await shown(first)).toMatchObject({ state: 'aborted' });
  expect((await onHost('db6', `pgrep -f '${folder}/[h]old.sh'`)).exitCode).toBe(1);
  const second = await begin();
  await operator(testState).killRunner(second);
  expect(await shown(second)).toMatchObject({ abandoned: true });
  await on('db6', 'touch /var/tmp/let-go');
  await done('job', 'resume', second, ...known);
  expect(await shown(second)).toMatchObject({ state: 'done' });
  expect(await held()).toBe('begun\nover');
  await nothingLeftOn('db6');
});
