// The first line of the console: which environments the hosts are of that keys act on.
import { expect, test } from 'vitest';
import type { HostEnvironment } from '../../src/inventory/settings.ts';
import { openConsole, recorded } from './console.tsx';
import { recordedJobs } from './jobs.ts';

const calm = recorded('calm');
const { views } = recordedJobs();
const production: HostEnvironment = { name: 'production', colour: 'red', confirm: true };
const staging: HostEnvironment = { name: 'staging', colour: 'green', confirm: false };

/** Each named host is of production, the others of staging. */
function consoleWith(ofProduction: readonly string[], options: Partial<Parameters<typeof openConsole>[0]> = {}) {
  const hosts = calm.picture.hosts.map((one) => {
    const environment = ofProduction.includes(one.host.name) ? production : staging;
    return { ...one, host: { ...one.host, environment } };
  });
  return openConsole({ picture: { ...calm.picture, hosts }, nowMs: calm.recordedAtMs, columns: 160, ...options });
}

const head = ({ lines }: ReturnType<typeof openConsole>) => lines()[0];

test('a seed of staging with a further target of production says PRODUCTION in the header, and before STAGING', async () => {
  const console = consoleWith(['db2']);
  await console.shows('db6');
  console.press('Ge');
  await console.shows('seed db3 → db6');
  expect(head(console)).toMatch(/ STAGING +READ-WRITE/);
  expect(head(console)).not.toContain('PRODUCTION');
  console.press('G');
  while (!/▸ \[.\] +db2 /.test(console.screen())) {
    const before = console.screen();
    console.press('k');
    await expect.poll(() => console.screen()).not.toBe(before);
  }
  console.press(' ');
  await console.shows('seed db3 → db6, db2');
  await expect.poll(() => head(console)).toMatch(/ PRODUCTION +STAGING +READ-WRITE/);
  console.press('\x1b');
  await expect.poll(() => head(console)).not.toContain('PRODUCTION');
});

test('the donor of a seed counts too: the job works on it', async () => {
  const console = consoleWith(['db3']);
  await console.shows('db6');
  console.press('Ge');
  await console.shows('seed db3 → db6');
  await expect.poll(() => head(console)).toMatch(/ PRODUCTION +STAGING /);
});

test('the list of jobs has the environments of the job under the cursor', async () => {
  const console = consoleWith(['db2'], { jobs: views });
  await console.shows('db6');
  console.press('J');
  await console.shows(/▸ +11 .*restart db2/);
  expect(head(console)).toMatch(/ PRODUCTION +READ-WRITE/);
  console.press('jj');
  await console.shows('job 9 · start db6');
  expect(head(console)).toMatch(/ STAGING +READ-WRITE/);
});

test('with marked hosts the header has their environments, and not that of the host under the cursor', async () => {
  const console = consoleWith(['db2']);
  await console.shows('▸ db1');
  expect(head(console)).not.toContain('PRODUCTION');
  console.press('j j g');
  await console.shows('2 marked');
  expect(console.underCursor()).toBe('db1');
  expect(head(console)).toMatch(/ PRODUCTION +STAGING +READ-WRITE/);
  console.press('s');
  await console.shows('2 jobs: snapshot db2');
  expect(head(console)).toMatch(/ PRODUCTION +STAGING +READ-WRITE/);
});
