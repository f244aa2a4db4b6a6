// Two jump hosts that share their jobs in a MySQL of the fleet, db1, which is killed in the middle.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comesBack, dies, sql } from './dead-primary.ts';
import { on, until } from './fleet.ts';
import { ended, folder, type Operator, operator, sampleInventory } from './operators.ts';
import { usesHosts } from './uses.ts';

usesHosts('db1', 'db2', 'db3');

const place = (name: string) => join(folder, 'shared', name);
const commands = 'commands: { quick: [echo, hello], slow: [sleep, "8"], long: [sleep, "120"] }';
const inventory = `${sampleInventory.replaceAll(/^( +)(db2|db3):.*$/gm, `$&\n$1  ${commands}`)}
history:
  store: mysql://10.77.0.11:3306/reseed_jobs
  account: ${place('account.cnf')}
  tls: ${place('ca.pem')}
  key: ${place('key')}
`;

let jump1: Operator;
let jump2: Operator;
beforeAll(async () => {
  mkdirSync(place(''), { mode: 0o700 });
  const write = (name: string, text: string) => writeFileSync(place(name), text, { mode: 0o600 });
  write('account.cnf', '[client]\nuser = reseed_jobs\npassword = "secret 1"\n');
  write('key', '5'.repeat(64));
  write('hosts.yaml', inventory);
  write('ca.pem', await on('db1', 'cat "$(mysql -Nse "SELECT @@datadir")/ca.pem"'));
  await sql(
    'db1',
    `CREATE DATABASE reseed_jobs; CREATE USER reseed_jobs IDENTIFIED BY 'secret 1' REQUIRE SSL;
     GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON reseed_jobs.* TO reseed_jobs`,
  );
  [jump1, jump2] = ['jump1', 'jump2'].map((name) => operator(place(name), place('hosts.yaml'))) as [Operator, Operator];
  await jump1.done('history', 'join', '--as', 'jump1');
  await jump2.done('history', 'join', '--as', 'jump2');
});
afterAll(async () => {
  for (const jump of [jump1, jump2]) await jump.says('history', 'leave');
  await sql('db1', 'DROP DATABASE reseed_jobs; DROP USER reseed_jobs');
  // They wait for a minute before they connect again.
  for (const replica of ['db2', 'db3']) await sql(replica, 'STOP REPLICA; START REPLICA');
});

const lists = (jump: Operator, line: RegExp) =>
  until(
    async () => (await jump.says('jobs')).stdout,
    (text) => line.test(text),
  );

test('two jump hosts share their jobs in a MySQL of the fleet: each sees, follows and ends those of the other', async () => {
  const id = await jump1.begun('run', 'db2', 'long', '--yes');
  await lists(jump2, /^jump1:1 +▶ running .*run long on db2/m);
  const followed = jump2.says('job', 'log', '-f', 'jump1:1');
  expect(await jump2.done('job', 'abort', 'jump1:1', '--yes')).toContain('jump1: job 1 is asked to end');
  expect(await ended(jump1, id)).toMatchObject({ state: 'aborted' });
  const log = await followed;
  expect([log.exitCode, log.stdout]).toEqual([1, expect.stringMatching(/abort asked for by .*, through jump2/)]);
  expect((await jump2.says('job', 'show', 'jump1:1')).stdout).toContain('job jump1:1 · run long on db2 · – aborted');
});

test('that MySQL is killed in the middle of jobs of both: they go on by their own journals, and all is sent when it is back', async () => {
  const [one, other] = await Promise.all([
    jump1.begun('run', 'db2', 'slow', '--yes'),
    jump2.begun('run', 'db3', 'slow', '--yes'),
  ]);
  await Promise.all([lists(jump2, /^jump1:2 +▶ running/m), lists(jump1, /^jump2:1 +▶ running/m)]);
  await dies('db1', 'mysql');
  try {
    for (const [jump, id] of [
      [jump1, one],
      [jump2, other],
    ] as const) {
      expect(await ended(jump, id)).toMatchObject({ state: 'done' });
    }
    // One begins without it, too.
    await jump1.done('run', 'db3', 'quick', '--yes');
    const { stdout, stderr } = await jump1.says('jobs');
    expect(stdout).toMatch(/^2 +✔ done .*run slow on db2/m);
    expect(stderr).toMatch(/history: away since \d\d:\d\d:\d\d \S+, \d+ changes wait: it /);
  } finally {
    await comesBack('db1', 'mysql');
  }
  await Promise.all([lists(jump2, /^jump1:3 +✔ done/m), lists(jump1, /^jump2:1 +✔ done/m)]);
  expect((await jump2.says('jobs')).stdout).toMatch(/^jump1:2 +✔ done/m);
  for (const [jump, there, id] of [
    [jump1, jump2, `jump1:${one}`],
    [jump2, jump1, `jump2:${other}`],
  ] as const) {
    const [, number = ''] = id.split(':');
    expect((await there.says('job', 'log', id)).stdout).toBe((await jump.says('job', 'log', number)).stdout);
  }
});
