// examples/hooks/alertmanager.mjs against a server that checks requests by the schema of Alertmanager's API v2.
import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Alertmanager } from './alertmanager-api.ts';
import { exampleForEach } from './running.ts';

const example = exampleForEach('alertmanager.mjs');
const { run } = example;
let alertmanager: Alertmanager;

const configure = (settings: Readonly<Record<string, unknown>> = {}) =>
  example.write(
    'config.json',
    JSON.stringify({
      url: alertmanager.url,
      matchers: { job: 'mysql' },
      state: example.path('state'),
      ...settings,
    }),
  );

beforeEach(async () => {
  alertmanager = await Alertmanager.start();
  await configure();
});
afterEach(() => alertmanager.stop());

const hour = 3_600_000;
const caughtUp = { at: 'after-caught-up' };
const failure = { at: 'after-failure', for: ['db2', 'db3'] };

describe('the silence of a job', () => {
  test('is for its hosts and the configured labels, says who made it and why, and ends by itself', async () => {
    await configure({ hours: 2 });
    const before = Date.now();
    expect(await run('start')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^silence [0-9a-f-]{36} for db2, db3, until 20/),
    });
    const [silence, ...more] = alertmanager.active;
    expect(more).toEqual([]);
    expect(silence).toMatchObject({
      matchers: [
        {
          name: 'instance',
          value: '(db2|10\\.77\\.0\\.12)(:[0-9]+)?|(db3|10\\.77\\.0\\.13)(:[0-9]+)?',
          isRegex: true,
          isEqual: true,
        },
        { name: 'job', value: 'mysql', isRegex: false, isEqual: true },
      ],
      createdBy: 'ops@jump1',
      comment: 'reseed job 41 (9f3a4c21): seed db2 → db3',
    });
    const ends = Date.parse(silence?.endsAt ?? '');
    expect(ends).toBeGreaterThanOrEqual(before + 2 * hour);
    expect(ends).toBeLessThanOrEqual(Date.now() + 2 * hour);
  });

  test('matches the hosts of the job, and no other', async () => {
    await run('start');
    const matches = new RegExp(`^(?:${alertmanager.active[0]?.matchers[0]?.value})$`);
    const values = ['db3', 'db3:9104', '10.77.0.13:9104', 'db33', 'adb3', '10.77.0.130', '10x77.0.13'];
    expect(values.filter((value) => matches.test(value))).toEqual(['db3', 'db3:9104', '10.77.0.13:9104']);
  });

  test('is expired at its end, and nothing of it is kept', async () => {
    await run('start');
    expect(await run('end', caughtUp)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/is expired$/) });
    expect([alertmanager.active, alertmanager.silences.length]).toEqual([[], 1]);
    expect(readdirSync(example.path('state'))).toEqual([]);
  });

  test('is expired after a failure', async () => {
    await run('start');
    expect(await run('end', failure)).toMatchObject({ exitCode: 0 });
    expect(alertmanager.active).toEqual([]);
  });

  test('stays until the last target has caught up', async () => {
    const targets = ['db3', 'db4'];
    await run('start', { targets });
    expect((await run('end', { ...caughtUp, targets })).stdout).toBe('the silence stays for db4');
    expect(alertmanager.active).toHaveLength(1);
    await run('end', { ...caughtUp, targets, for: ['db4'] });
    expect(alertmanager.active).toEqual([]);
  });

  test('stays while a seed takes its snapshot and starts its target; that of a restart ends there', async () => {
    await run('start');
    await run('end', { at: 'after-snapshot', for: ['db2'] });
    await run('end', { at: 'after-start' });
    expect(alertmanager.active).toHaveLength(1);
    await run('end', caughtUp);
    await run('start', { targets: [] });
    await run('end', { at: 'after-start', targets: [] });
    expect([alertmanager.active, alertmanager.silences.length]).toEqual([[], 2]);
  });

  test('of a job whose targets become no replicas, or that only stops, is expired once it has succeeded', async () => {
    for (const targets of [['db3', 'db4'], []]) {
      await run('start', { targets });
      await run('end', { at: 'after-success', for: ['db2', 'db3'], targets });
      expect(alertmanager.active).toEqual([]);
    }
  });

  test('that ends leaves the silence of another job', async () => {
    await run('start', { key: 'aaaa' });
    await run('start', { key: 'bbbb' });
    await run('end', { ...failure, key: 'aaaa' });
    expect(alertmanager.active.map(({ comment }) => comment)).toEqual(['reseed job 41 (bbbb): seed db2 → db3']);
  });
});

test('an Alertmanager by https is trusted by the certificate of caFile, and by nothing else', async () => {
  const words = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=alertmanager',
  ];
  const name = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await execa('openssl', ['req', ...words, ...name, '-keyout', example.path('key'), '-out', example.path('cert')]);
  const read = (file: string) => readFileSync(example.path(file), 'utf8');
  const secure = await Alertmanager.start({ key: read('key'), cert: read('cert') });
  secure.authorization = 'Basic b3BzOnNlY3JldA==';
  await example.write('authorization', `${secure.authorization}\n`);
  const settings = { url: secure.url, authorizationFile: example.path('authorization') };
  await configure(settings);
  const stranger = await run('start');
  expect(stranger.stderr).toMatch(/^Alertmanager can't be reached: https:.*: DEPTH_ZERO_SELF_SIGNED_CERT; /);
  await configure({ ...settings, caFile: example.path('cert') });
  expect(await run('start')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(secure.active).toHaveLength(1);
  await secure.stop();
});

describe('run again', () => {
  test('the same silence is kept, and ends later', async () => {
    await configure({ hours: 1 });
    await run('start');
    const ends = alertmanager.active[0]?.endsAt ?? '';
    await configure({ hours: 3 });
    expect(await run('start')).toMatchObject({ exitCode: 0 });
    expect(alertmanager.silences).toHaveLength(1);
    expect(Date.parse(alertmanager.active[0]?.endsAt ?? '')).toBeGreaterThan(Date.parse(ends) + hour);
  });

  test('after it was killed before it knew the id, the silence is found, and no second one made', async () => {
    alertmanager.fault = (request) => (request.startsWith('POST') ? 'cut' : undefined);
    expect(await run('start')).toMatchObject({ exitCode: 1 });
    alertmanager.fault = () => undefined;
    expect(await run('start')).toMatchObject({ exitCode: 0 });
    expect(alertmanager.silences).toHaveLength(1);
  });

  test('after it was killed before it knew the id, a failure of the job expires it', async () => {
    alertmanager.fault = (request) => (request.startsWith('POST') ? 'cut' : undefined);
    await run('start');
    alertmanager.fault = () => undefined;
    await run('end', failure);
    expect([alertmanager.active, alertmanager.silences.length]).toEqual([[], 1]);
  });

  test('the end of one that is expired already, or was never made, is no error', async () => {
    await run('start');
    alertmanager.fault = (request) => (request.startsWith('DELETE') ? 'cut' : undefined);
    expect(await run('end', failure)).toMatchObject({ exitCode: 1 });
    alertmanager.fault = () => undefined;
    expect(await run('end', failure)).toMatchObject({ exitCode: 0, stdout: 'this job has no silence' });
    expect(await run('end', failure)).toMatchObject({ exitCode: 0, stdout: 'this job has no silence' });
  });

  test('the end of one that another hook of the job expires in the same moment is no error', async () => {
    await run('start');
    alertmanager.fault = (request) => {
      if (request.startsWith('DELETE')) for (const silence of alertmanager.active) silence.isExpired = true;
      return undefined;
    };
    expect(await run('end', failure)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(alertmanager.requests.at(-2)).toMatch(/^DELETE /);
  });

  test('after an operator has expired it, a new one is made', async () => {
    await run('start');
    for (const silence of alertmanager.active) silence.isExpired = true;
    await run('start');
    expect([alertmanager.active.length, alertmanager.silences.length]).toEqual([1, 2]);
  });
});

describe('an error', () => {
  test('of an Alertmanager that is away names its address', async () => {
    const { url } = alertmanager;
    await alertmanager.stop();
    expect(await run('start')).toMatchObject({
      exitCode: 1,
      stderr: `Alertmanager can't be reached: ${url}: ECONNREFUSED; see url in the configuration`,
    });
  });

  test('of a 500 answer has what it says, and the silence can still be ended', async () => {
    await run('start');
    alertmanager.fault = (request) => (request.startsWith('DELETE') ? 500 : undefined);
    const { exitCode, stderr } = await run('end', caughtUp);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^Alertmanager answered 500 to DELETE silence\/[0-9a-f-]+ of .*: "it went wrong"; see the log of Alertmanager/,
    );
    alertmanager.fault = () => undefined;
    await run('end', caughtUp);
    expect(alertmanager.active).toEqual([]);
  });

  test('of a wrong password names the file, and shows nothing of it', async () => {
    alertmanager.authorization = 'Bearer right';
    await example.write('authorization', 'Bearer wrong-word\n');
    await configure({ authorizationFile: example.path('authorization') });
    const { exitCode, stderr } = await run('start');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Alertmanager answered 401 .*; see authorizationFile of the configuration$/);
    expect(stderr).not.toContain('wrong-word');
    await example.write('authorization', 'Bearer right\n');
    expect(await run('start')).toMatchObject({ exitCode: 0 });
  });

  test('of a secret that others can read, or that would go unencrypted, comes before it is sent', async () => {
    await example.write('authorization', 'Bearer right\n', 0o644);
    await configure({ authorizationFile: example.path('authorization') });
    expect((await run('start')).stderr).toMatch(/authorization is open to other accounts; chmod 600 /);
    await example.write('authorization', 'Bearer right\n');
    await configure({ authorizationFile: example.path('authorization'), url: 'http://10.77.0.1:9093' });
    expect((await run('start')).stderr).toMatch(
      /with authorizationFile the url has to begin with https, or to be this machine/,
    );
    expect(alertmanager.requests).toEqual([]);
  });

  test('of a missing or wrong configuration names the file', async () => {
    await configure({ url: 'alertmanager:9093' });
    expect((await run('start')).stderr).toMatch(
      /config\.json: url has to be the http or https address of Alertmanager/,
    );
    await configure({ hours: 0 });
    expect((await run('start')).stderr).toMatch(/config\.json: hours has to be between 0 and 168/);
  });
});

describe('a wrong setting is no silence, and is named:', () => {
  test.each([
    [{ value: '{hst}' }, '{hst} in value is neither {host} nor {address}'],
    [{ value: '.*' }, 'value has neither {host} nor {address}'],
    [{ value: 7 }, 'value has to be text'],
    [{ hour: 2 }, 'hour is no setting (url, '],
  ])('%j', async (settings, why) => {
    await configure(settings);
    const { exitCode, stderr } = await run('start');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(why);
    expect(alertmanager.silences).toEqual([]);
  });

  test('facts of another version', async () => {
    expect(await run('start', { version: 2 })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('standard input has facts of version 2, and this hook reads 1'),
    });
    expect(alertmanager.silences).toEqual([]);
  });
});
